import { follow, type FollowEvent } from '../follow/follow-state.js';
import { loadAround, loadBackward, loadEnd, loadForward, type LoadedRows } from '../lines/load-rows.js';
import { rowAt } from '../lines/log-window.js';
import type { ReadPart } from '../lines/read-span.js';
import type { LogSource } from './log-source.js';
import { isAtTail, newState, withEvents, withMore, withWindow, type LogState } from './log-state.js';

/** What is to be shown. */
export interface ShownLog {
  log: string;
  /** Bytes, about. */
  size: number;
  /** Whether it is the newest one. */
  isNewest: boolean;
  /** Offset of a line. @defaultValue the end */
  at?: number | undefined;
}

/** Milliseconds between two tries to catch up with a log that grows faster than it is read. */
const catchUpMs = 500;
/** Milliseconds after a failure in which a view that wants more at an edge gets none. */
const retryMs = 3000;

/** The log that is shown: what is read of it, and when. */
export class LogModel {
  state: LogState;
  readonly #source: LogSource;
  readonly #listeners = new Set<() => void>();
  /** Ends what is read now. */
  #reading = new AbortController();
  /** Ends the stream; undefined without one. */
  #following: AbortController | undefined;
  #catchUp: ReturnType<typeof setTimeout> | undefined;
  /** Under way after a failure. */
  #rest: ReturnType<typeof setTimeout> | undefined;
  #again: () => Promise<void> = () => Promise.resolve();

  constructor(source: LogSource) {
    this.#source = source;
    this.state = newState('', false, true);
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  };

  /** Shows a log, from its end or around an offset. */
  async show(wanted: ShownLog): Promise<void> {
    const { log, size, isNewest, at } = wanted;
    this.#close();
    this.#again = () => this.show(wanted);
    const { wish, error } = this.state;
    // why it could not be read stays until it can
    const kept = this.state.log === log ? { wish, size, error } : { wish, size };
    this.#set({ ...newState(log, isNewest, at === undefined), ...kept });
    const loaded = await this.#load((read) =>
      at === undefined ? loadEnd(read, size) : loadAround(read, at, size),
    );
    if (loaded === undefined) return;
    this.#arrive(loaded, at ?? loaded.size, at === undefined ? 'end' : 'center');
  }

  /** Tries again what did not work at last. */
  async retry(): Promise<void> {
    this.#endRest();
    await this.#again();
  }

  /** Ends it; it may show something again. */
  stop(): void {
    this.#close();
    this.state = newState('', false, true);
  }

  #close(): void {
    this.#reading.abort();
    this.#following?.abort();
    this.#following = undefined;
    this.#endRest();
    clearTimeout(this.#catchUp);
    this.#catchUp = undefined;
  }

  /** Goes to a line. */
  async jump(offset: number, align: 'start' | 'center' = 'center'): Promise<void> {
    this.tell({ kind: 'elsewhere' });
    if (rowAt(this.state.window, offset) !== -1) {
      // what was asked for before is not wanted any more
      this.#reading.abort();
      this.#wish(offset, align);
      return;
    }
    this.#again = () => this.jump(offset, align);
    this.#set({ ...this.state, loading: 'jump' });
    const loaded = await this.#load((read) => loadAround(read, offset, this.state.size));
    if (loaded !== undefined) this.#arrive(loaded, offset, align);
  }

  /** Goes to the end; of the newest log, to stay there. */
  async toEnd(): Promise<void> {
    if (this.state.isNewest) this.tell({ kind: 'end' });
    if (this.state.phase === 'ready' && isAtTail(this.state)) {
      this.#reading.abort();
      this.#wish(this.state.size, 'end');
      return;
    }
    this.#again = () => this.toEnd();
    this.#set({ ...this.state, loading: 'jump' });
    const loaded = await this.#load((read) => loadEnd(read, this.state.size));
    if (loaded === undefined) return;
    const { phase, isNewest, follow } = this.state;
    // who scrolled up meanwhile is left there
    if (phase === 'ready' && isNewest && !follow.following) this.#set({ ...this.state, loading: undefined });
    else this.#arrive(loaded, loaded.size, 'end');
  }

  /** Shows what was read, and follows the log from then on. */
  #arrive(loaded: LoadedRows, offset: number, align: LogState['wish']['align']): void {
    this.#set(withWindow(this.state, loaded));
    this.#wish(offset, align);
    if (this.state.isNewest && this.#following === undefined) this.#follow();
  }

  /** Reads more at one side of the window. */
  async more(side: 'before' | 'after'): Promise<void> {
    const { window, phase, loading } = this.state;
    if (phase !== 'ready' || loading !== undefined || this.#rest !== undefined) return;
    if (side === 'before' ? window.start === 0 : isAtTail(this.state)) return;
    this.#again = () => this.more(side);
    this.#set({ ...this.state, loading: side });
    const last = window.rows.at(-1);
    const inLine = last === undefined ? window.end > 0 : !last.closed;
    const loaded = await this.#load((read) =>
      side === 'before' ? loadBackward(read, window.start) : loadForward(read, window.end, inLine),
    );
    if (loaded === undefined) return;
    const next = withMore(this.state, side, loaded);
    // a log that became shorter is another one by now
    const isOther = loaded.size < window.end || (side === 'before' && loaded.end < window.start);
    this.#set(isOther ? { ...next, phase: 'stale' } : next);
  }

  /** What the user does with the view. */
  tell(event: FollowEvent): void {
    const next = follow(this.state.follow, event);
    if (next === this.state.follow) return;
    if (next.following && !(this.state.isNewest && isAtTail(this.state)) && event.kind === 'scrolled') return;
    this.#set({ ...this.state, follow: next });
  }

  /** Reads at once what it is about; what is under way otherwise is given up. */
  async #load(how: (read: ReadPart) => Promise<LoadedRows>): Promise<LoadedRows | undefined> {
    this.#reading.abort();
    const reading = new AbortController();
    this.#reading = reading;
    const { log } = this.state;
    try {
      const loaded = await how((from, to) => this.#source.read(log, from, to, reading.signal));
      return reading.signal.aborted || this.state.log !== log ? undefined : loaded;
    } catch (error) {
      if (reading.signal.aborted || this.state.log !== log) return undefined;
      const phase = this.state.phase === 'ready' ? 'ready' : 'failed';
      this.#endRest();
      this.#rest = setTimeout(() => {
        this.#rest = undefined;
        if (this.state.phase === 'failed' && !isMissing(error)) void this.#again();
        // the view says what it wants anew
        else this.#set({ ...this.state });
      }, retryMs);
      this.#set({ ...this.state, error, phase, loading: undefined });
      return undefined;
    }
  }

  #follow(): void {
    const following = new AbortController();
    this.#following = following;
    const { log, size, window } = this.state;
    void this.#source.follow({
      log,
      position: isAtTail(this.state) ? window.end : size,
      signal: following.signal,
      onEvents: (events) => {
        this.#set(withEvents(this.state, events));
      },
      onState: (stream) => {
        if (!following.signal.aborted) this.#set({ ...this.state, stream });
      },
    });
  }

  #endRest(): void {
    clearTimeout(this.#rest);
    this.#rest = undefined;
  }

  #wish(offset: number, align: LogState['wish']['align']): void {
    this.#set({ ...this.state, loading: undefined, wish: { offset, align, id: this.state.wish.id + 1 } });
  }

  #set(state: LogState): void {
    const { log } = this.state;
    this.state = state;
    for (const listener of this.#listeners) listener();
    if (state.phase === 'stale')
      void this.show({ log: state.log, size: state.size, isNewest: state.isNewest });
    else if (this.#rest === undefined && log === state.log && lacksEnd(state)) {
      // lines were left out: the end is read from the log
      this.#catchUp ??= setTimeout(() => {
        this.#catchUp = undefined;
        if (this.#rest === undefined && lacksEnd(this.state)) void this.toEnd();
      }, catchUpMs);
    }
  }
}

/** Whether lines of a log that is followed are not there. */
function lacksEnd(state: LogState): boolean {
  return state.follow.following && state.phase === 'ready' && !isAtTail(state);
}

/** Whether an error says that a log is not there (any more). */
export function isMissing(error: unknown): boolean {
  return error instanceof Error && 'status' in error && error.status === 404;
}

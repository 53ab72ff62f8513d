import { follow, type FollowEvent } from '../follow/follow-state.js';
import { loadAround, loadBackward, loadEnd, loadForward, type LoadedRows } from '../lines/load-rows.js';
import { rowAt } from '../lines/log-window.js';
import type { ReadPart } from '../lines/read-span.js';
import type { LogSource } from './log-source.js';
import { isAtTail, newState, withEvents, withMore, withWindow, type LogState } from './log-state.js';

/** The log to show. */
export interface ShownLog {
  log: string;
  /** Approximate size, bytes. */
  size: number;
  /** Whether it is the newest one. */
  isNewest: boolean;
  /** Offset of a line. @defaultValue the end */
  at?: number | undefined;
}

/** Milliseconds between two attempts to catch up with a log that grows faster than it is read. */
const catchUpMs = 500;
/** Milliseconds after a failure during which the view reads nothing more at its edges. */
const retryMs = 3000;

/** The log that is shown: the part that was read, and the reads in progress. */
export class LogModel {
  state: LogState;
  readonly #source: LogSource;
  readonly #listeners = new Set<() => void>();
  /** Aborts the current read. */
  #reading = new AbortController();
  /** Ends the stream; undefined without one. */
  #following: AbortController | undefined;
  #catchUp: ReturnType<typeof setTimeout> | undefined;
  /** Runs after a failure. */
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
    // the reason why it could not be read stays until it can
    const kept = this.state.log === log ? { wish, size, error } : { wish, size };
    this.#set({ ...newState(log, isNewest, at === undefined), ...kept });
    const loaded = await this.#load((read) =>
      at === undefined ? loadEnd(read, size) : loadAround(read, at, size),
    );
    if (loaded === undefined) return;
    this.#arrive(loaded, at ?? loaded.size, at === undefined ? 'end' : 'center');
  }

  /** Repeats the last operation that failed. */
  async retry(): Promise<void> {
    this.#endRest();
    await this.#again();
  }

  /** Stops everything; it may show another log later. */
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
      // the previous request is obsolete
      this.#reading.abort();
      this.#wish(offset, align);
      return;
    }
    this.#again = () => this.jump(offset, align);
    this.#set({ ...this.state, loading: 'jump' });
    const loaded = await this.#load((read) => loadAround(read, offset, this.state.size));
    if (loaded !== undefined) this.#arrive(loaded, offset, align);
  }

  /** Goes to the end; of the newest log, to follow it. */
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
    // a user who scrolled up in the meantime stays there
    if (phase === 'ready' && isNewest && !follow.following) this.#set({ ...this.state, loading: undefined });
    else this.#arrive(loaded, loaded.size, 'end');
  }

  /** Shows rows that were read, and follows the log from then on. */
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
    // a log that became shorter is a different one
    const isOther = loaded.size < window.end || (side === 'before' && loaded.end < window.start);
    this.#set(isOther ? { ...next, phase: 'stale' } : next);
  }

  /** Handles what the user does with the view. */
  tell(event: FollowEvent): void {
    const next = follow(this.state.follow, event);
    if (next === this.state.follow) return;
    if (next.following && !(this.state.isNewest && isAtTail(this.state)) && event.kind === 'scrolled') return;
    this.#set({ ...this.state, follow: next });
  }

  /** Reads rows, and aborts the read in progress. */
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
        // the view requests again what it needs
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
      // lines were skipped: the end is read from the log
      this.#catchUp ??= setTimeout(() => {
        this.#catchUp = undefined;
        if (this.#rest === undefined && lacksEnd(this.state)) void this.toEnd();
      }, catchUpMs);
    }
  }
}

/** Whether lines of a log that is followed are missing. */
function lacksEnd(state: LogState): boolean {
  return state.follow.following && state.phase === 'ready' && !isAtTail(state);
}

/** Whether an error says that a log does not exist. */
export function isMissing(error: unknown): boolean {
  return error instanceof Error && 'status' in error && error.status === 404;
}

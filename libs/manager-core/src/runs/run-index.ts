import {
  isZeroTime,
  runResults,
  toUnixMillis,
  toWireTime,
  type ApiRunSpan,
  type Clock,
  type RunRecord,
} from '@tunasync/protocol';
import { withTimeout } from '@tunasync/util';
import type { StatusCache } from '../store/status-cache.js';

/** A finished run, as far as overviews need it. Instants are milliseconds since the Unix epoch. */
export interface IndexedRun {
  readonly worker: string;
  readonly name: string;
  readonly id: string;
  readonly started: number;
  readonly ended: number;
  readonly result: RunRecord['result'];
}

/** What {@link RunIndex} needs. */
export interface RunIndexOptions {
  store: Pick<StatusCache, 'worker' | 'listRunMirrors' | 'listRunKeys' | 'listRuns'>;
  clock: Clock;
  /** Told when the runs cannot be read. */
  onError: (error: unknown) => void;
  /** The most runs that are kept one by one; of more only the newest are. @defaultValue 20000 */
  most?: number;
}

/** Milliseconds that runs are kept for. */
const keptMs = 48 * 3_600_000;
/** Milliseconds that an answer waits for the runs to be read. */
const brieflyMs = 300;
/** Milliseconds that runs are counted together for. */
const spanMs = 30 * 60_000;

type Counts = Record<RunRecord['result'], number>;

/**
 * The runs of the last 48 hours, in memory: read from the store in the background when they are first asked for, and
 * kept up from then on. Of very many only the newest are there one by one; how many there were is known of all.
 */
export class RunIndex {
  readonly #options: RunIndexOptions;
  readonly #most: number;
  /** Oldest first. */
  #runs: IndexedRun[] = [];
  /** How runs ended, by worker and by the number of the span in which they did. */
  readonly #spans = new Map<string, Map<number, Counts>>();
  #loading: Promise<void> | undefined;
  /** Ids that are there, while the store is being read. */
  #seen: Set<string> | undefined;
  /** Until when runs are missing that were too many: the end of the last of them. */
  #missingUntil = Number.NEGATIVE_INFINITY;

  constructor(options: RunIndexOptions) {
    this.#options = options;
    this.#most = options.most ?? 20_000;
  }

  /** Resolves when all runs are known; never rejects. */
  load(): Promise<void> {
    return (this.#loading ??= this.#load().catch((error: unknown) => {
      this.#options.onError(error);
      this.#seen = undefined;
      // asked for again the next time
      this.#clear();
    }));
  }

  /** The same, but resolves after 300 ms at the latest: what is known by then has to do. */
  async loadBriefly(): Promise<void> {
    await withTimeout(this.#options.clock, brieflyMs, this.load());
  }

  /** A run that was not known before is in the store. */
  add(record: RunRecord): void {
    // what nobody has asked for yet is read later
    if (this.#loading !== undefined) this.#add(record);
  }

  /** A worker was removed, and its runs with it. */
  removeWorker(worker: string): void {
    this.#spans.delete(worker);
    this.#runs = this.#runs.filter((run) => run.worker !== worker);
  }

  /** Runs that ended between two times, oldest first, the newest `most` of them. */
  between(
    from: number,
    to: number,
    { worker, most }: { worker?: string | undefined; most: number },
  ): { runs: IndexedRun[]; /** Whether there were more. */ truncated: boolean } {
    this.#forgetOld();
    const runs = this.#runs.filter(
      (run) => run.ended >= from && run.ended <= to && (worker === undefined || run.worker === worker),
    );
    const truncated = runs.length > most || this.#missingUntil >= from;
    return { runs: runs.slice(Math.max(0, runs.length - most)), truncated };
  }

  /** How runs ended in the last spans of half an hour, oldest first; the last one is the one that goes on. */
  spans(count: number): ApiRunSpan[] {
    const current = Math.floor(this.#options.clock.now() / spanMs);
    return Array.from({ length: count }, (_, index) => {
      const number = current - count + 1 + index;
      const sum = noRuns();
      for (const ofWorker of this.#spans.values()) {
        const counts = ofWorker.get(number);
        for (const result of runResults) sum[result] += counts?.[result] ?? 0;
      }
      return { from: toWireTime(number * spanMs), ...sum };
    });
  }

  async #load(): Promise<void> {
    const { store, clock } = this.#options;
    this.#seen = new Set();
    for (const mirror of await store.listRunMirrors()) {
      const oldest = clock.now() - keptMs;
      const recent = (await store.listRunKeys(mirror)).filter(({ ended }) => ended > oldest).length;
      if (recent === 0) continue;
      for (const run of await store.listRuns(mirror, recent)) {
        // the worker may have been removed meanwhile
        if (store.worker(run.worker) !== undefined) this.#add(run);
      }
    }
    this.#seen = undefined;
  }

  #add(record: RunRecord): void {
    const { worker, name, id, result } = record;
    const ended = toUnixMillis(record.ended);
    if (ended <= this.#options.clock.now() - keptMs) return;
    if (this.#seen !== undefined) {
      const key = JSON.stringify([worker, name, id]);
      if (this.#seen.has(key)) return;
      this.#seen.add(key);
    }
    this.#count(worker, ended, result);
    const started = isZeroTime(record.started) ? ended : toUnixMillis(record.started);
    this.#insert({ worker, name, id, started, ended, result });
  }

  /** Most come in the order of their ends. */
  #insert(run: IndexedRun): void {
    if (run.ended <= this.#missingUntil) return;
    let at = this.#runs.length;
    if ((this.#runs.at(-1)?.ended ?? 0) > run.ended) at = positionOf(this.#runs, run.ended);
    this.#runs.splice(at, 0, run);
    // a few at once: moving all of them for each would cost too much
    if (this.#runs.length > this.#most * 1.1) this.#cut();
  }

  #cut(): void {
    const gone = this.#runs.splice(0, this.#runs.length - this.#most);
    this.#missingUntil = gone.at(-1)?.ended ?? this.#missingUntil;
  }

  #count(worker: string, ended: number, result: RunRecord['result']): void {
    let ofWorker = this.#spans.get(worker);
    if (ofWorker === undefined) this.#spans.set(worker, (ofWorker = new Map<number, Counts>()));
    const number = Math.floor(ended / spanMs);
    let counts = ofWorker.get(number);
    if (counts === undefined) {
      ofWorker.set(number, (counts = noRuns()));
      const oldest = Math.floor((this.#options.clock.now() - keptMs) / spanMs);
      for (const known of ofWorker.keys()) if (known < oldest) ofWorker.delete(known);
    }
    counts[result] += 1;
  }

  #forgetOld(): void {
    const oldest = this.#options.clock.now() - keptMs;
    const count = positionOf(this.#runs, oldest);
    if (count > 0) this.#runs.splice(0, count);
  }

  #clear(): void {
    this.#loading = undefined;
    this.#runs = [];
    this.#spans.clear();
    this.#missingUntil = Number.NEGATIVE_INFINITY;
  }
}

/** How many runs ended at or before a time. */
function positionOf(runs: readonly IndexedRun[], ended: number): number {
  let low = 0;
  let high = runs.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((runs[middle]?.ended ?? 0) <= ended) low = middle + 1;
    else high = middle;
  }
  return low;
}

function noRuns(): Counts {
  return { success: 0, failed: 0, killed: 0 };
}

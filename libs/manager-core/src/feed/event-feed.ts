import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { isDeepStrictEqual } from 'node:util';
import { openEventStream, slowReaderMs, type EventStream } from '@tunasync/http';
import {
  sseEvent,
  type ApiChanges,
  type ApiHello,
  type Clock,
  type ClockTimer,
  type Heartbeat,
  type WorkerState,
} from '@tunasync/protocol';
import type { ChangedKey } from '@tunasync/store';
import { ManagerError } from '../errors/manager-error.js';
import type { JobIndex } from '../jobs/job-index.js';
import type { JobViews } from '../jobs/job-views.js';
import type { StatusCache } from '../store/status-cache.js';
import { ChangeLog, type FeedKey, type FeedKeys } from './change-log.js';

/** What {@link EventFeed} needs. */
export interface EventFeedOptions {
  store: StatusCache;
  index: JobIndex;
  views: JobViews;
  clock: Clock;
}

/** Milliseconds that changes are gathered for. */
const batchMs = 1000;
/** Milliseconds between two looks for workers that are lost; proxies see that the stream lives. */
const lookMs = 5000;
/** Milliseconds that a reader may be away and miss nothing. */
const awayMs = 120_000;
/** Keys that one event tells of: a reader that is more behind asks anew. */
const mostKeys = 1000;
const mostReaders = 500;

interface Reader {
  readonly output: EventStream;
  /** Number of the last batch that it was told of. */
  told: number;
  /** Since when it takes nothing; milliseconds since the Unix epoch. */
  heldSince: number | undefined;
}

/** Tells readers of server-sent events what changes: once a second, and each key once. What they do not take is not kept for them. */
export class EventFeed {
  readonly #options: EventFeedOptions;
  readonly #epoch = randomUUID().slice(0, 8);
  readonly #log = new ChangeLog();
  readonly #readers = new Set<Reader>();
  /** Of the workers, as readers were told. */
  readonly #states = new Map<string, WorkerState>();
  #batch: ClockTimer | undefined;
  #look: ClockTimer | undefined;
  /** When jobs that have become stale were looked for last; milliseconds since the Unix epoch. */
  #lookedAt = Number.NEGATIVE_INFINITY;
  #lastLeft = Number.NEGATIVE_INFINITY;
  /** Changes since nobody listens are not remembered. */
  #isDeaf = true;
  /** What all readers that are up to date are told. */
  #newest: { number: number; text: string } | undefined;

  constructor(options: EventFeedOptions) {
    this.#options = options;
  }

  /** The store shows something new. */
  stored(keys: readonly ChangedKey[]): void {
    if (this.#isNobodyThere()) return;
    for (const key of keys) {
      if (key.type === 'status') this.#changed({ kind: 'job', worker: key.worker, name: key.name });
      else this.#workerChanged(key.id);
    }
  }

  /** A heartbeat came. */
  heartbeat(worker: string, before: Heartbeat | undefined, now: Heartbeat): void {
    if (this.#isNobodyThere()) return;
    this.#workerChanged(worker);
    const waits = before?.waits ?? {};
    const names = new Set([...Object.keys(waits), ...Object.keys(now.waits)]);
    this.#jobsChanged(
      'job',
      worker,
      [...names].filter((name) => !isDeepStrictEqual(waits[name], now.waits[name])),
    );
  }

  /** It is known how far jobs are. */
  progressed(worker: string, names: readonly string[]): void {
    if (this.#isNobodyThere()) return;
    this.#jobsChanged('progress', worker, names);
  }

  /** Answers with the stream. */
  respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (this.#readers.size >= mostReaders) {
      throw new ManagerError('SERVER_BUSY', `${mostReaders} readers follow the events: try again later`);
    }
    const output = openEventStream(request, response);
    if (output === undefined) return Promise.resolve();
    this.#hear();
    const since = this.#numberIn(request.headers['last-event-id']);
    const missed = since === undefined ? undefined : this.#log.since(since);
    const resumed = missed !== undefined && missed.size <= mostKeys;
    const told = resumed && since !== undefined ? since : this.#log.number;
    const reader: Reader = { output, told, heldSince: undefined };
    this.#readers.add(reader);
    response.once('close', () => {
      this.#readers.delete(reader);
      this.#lastLeft = this.#options.clock.now();
    });
    const { views } = this.#options;
    const hello: ApiHello = { resumed, workers: views.workers(), ...this.#counts() };
    this.#write(reader, { event: 'hello', id: this.#id(told), data: JSON.stringify(hello) });
    this.#tell(reader);
    return Promise.resolve();
  }

  /** Ends all streams. */
  end(): void {
    for (const { output } of this.#readers) {
      output.end({ event: 'end', data: JSON.stringify({ reason: 'the manager stops' }) });
    }
    this.#batch?.cancel();
    this.#look?.cancel();
    this.#batch = this.#look = undefined;
    this.#isDeaf = true;
    this.#log.forget();
  }

  #workerChanged(worker: string): void {
    const before = this.#states.get(worker);
    const state = this.#stateOf(worker);
    if (state === undefined) this.#states.delete(worker);
    else this.#states.set(worker, state);
    this.#changed({ kind: 'worker', worker });
    // what jobs wait for holds only while their worker is there
    if (state !== before) this.#jobsChanged('job', worker, this.#options.views.waiting(worker));
  }

  /** What a worker says of mirrors that nobody knows is of no interest. */
  #jobsChanged(kind: 'job' | 'progress', worker: string, names: readonly string[]): void {
    const { index } = this.#options;
    for (const name of names) {
      if (index.get(worker, name) !== undefined) this.#changed({ kind, worker, name });
    }
  }

  /** Whether nobody listens, nor has lately: what changes now is not remembered. */
  #isNobodyThere(): boolean {
    if (this.#isDeaf) return true;
    if (this.#readers.size > 0 || this.#options.clock.now() - this.#lastLeft <= awayMs) return false;
    this.#log.forget();
    this.#isDeaf = true;
    return true;
  }

  #changed(key: FeedKey): void {
    this.#log.add(key);
    this.#batch ??= this.#options.clock.after(
      batchMs,
      () => {
        this.#batch = undefined;
        this.#log.seal();
        for (const reader of this.#readers) this.#tell(reader);
      },
      { unref: true },
    );
  }

  /** Somebody listens from now on. */
  #hear(): void {
    if (this.#isDeaf) {
      this.#isDeaf = false;
      this.#log.forget();
      this.#lookedAt = this.#options.clock.now();
      this.#states.clear();
      for (const { id } of this.#options.store.workers()) {
        this.#states.set(id, this.#options.views.snapshot().workerState(id));
      }
    }
    this.#look ??= this.#options.clock.after(
      lookMs,
      () => {
        this.#look = undefined;
        this.#lookAround();
      },
      { unref: true },
    );
  }

  #lookAround(): void {
    if (this.#readers.size === 0) return;
    for (const { id } of this.#options.store.workers()) {
      if (this.#states.get(id) !== this.#stateOf(id)) this.#workerChanged(id);
    }
    this.#lookForStale();
    const now = this.#options.clock.now();
    for (const { output, heldSince } of this.#readers) {
      if (!output.isHeld) output.ping();
      else if (heldSince !== undefined && now - heldSince >= slowReaderMs) output.destroy();
    }
    this.#hear();
  }

  /** Jobs become stale without a report. */
  #lookForStale(): void {
    const { index, clock } = this.#options;
    const since = this.#lookedAt;
    const now = (this.#lookedAt = clock.now());
    for (const { read, status } of index.entries()) {
      if (read.staleAt > since && read.staleAt <= now) {
        this.#changed({ kind: 'job', worker: status.worker, name: status.name });
      }
    }
  }

  /** Tells a reader what it was not told yet, if it takes anything. */
  #tell(reader: Reader): void {
    const { output } = reader;
    const { number } = this.#log;
    if (!output.isOpen || reader.told === number) return;
    const now = this.#options.clock.now();
    if (output.isHeld) {
      if (reader.heldSince !== undefined) return;
      reader.heldSince = now;
      output.onceDrained(() => {
        this.#tell(reader);
      });
      return;
    }
    if (reader.heldSince !== undefined) {
      const seconds = Math.round((now - reader.heldSince) / 1000);
      reader.heldSince = undefined;
      // a long event takes a moment with any reader
      if (seconds > 0) this.#write(reader, { event: 'lag', data: JSON.stringify({ seconds }) });
    }
    const text = reader.told === number - 1 ? this.#newestText() : this.#textSince(reader.told);
    reader.told = number;
    output.write(text);
  }

  #newestText(): string {
    const { number } = this.#log;
    if (this.#newest?.number !== number) this.#newest = { number, text: this.#textSince(number - 1) };
    return this.#newest.text;
  }

  #textSince(told: number): string {
    const id = this.#id(this.#log.number);
    const keys = this.#log.since(told);
    if (keys === undefined || keys.size > mostKeys) {
      return sseEvent({ event: 'reset', id, data: JSON.stringify({ ...this.#counts() }) });
    }
    return sseEvent({ event: 'changes', id, data: JSON.stringify(this.#changes(keys)) });
  }

  #changes(keys: FeedKeys): ApiChanges {
    const { index, views } = this.#options;
    const snapshot = views.snapshot();
    const changes: ApiChanges = {
      jobs: [],
      removed: [],
      progress: [],
      workers: [],
      removed_workers: [],
      ...this.#counts(),
    };
    const changed = [...keys.values()];
    const workers = new Map(
      changed.some(({ kind }) => kind === 'worker') ? views.workers().map((w) => [w.id, w]) : [],
    );
    const jobs = new Set<string>();
    for (const key of changed) {
      if (key.kind !== 'job') continue;
      const { worker, name } = key;
      jobs.add(JSON.stringify([worker, name]));
      const entry = index.get(worker, name);
      if (entry === undefined) changes.removed.push({ worker, name });
      else changes.jobs.push(snapshot.jobOf(entry));
    }
    for (const key of changed) {
      if (key.kind === 'worker') {
        const worker = workers.get(key.worker);
        if (worker === undefined) changes.removed_workers.push(key.worker);
        else changes.workers.push(worker);
      } else if (key.kind === 'progress' && !jobs.has(JSON.stringify([key.worker, key.name]))) {
        const { worker, name } = key;
        const progress = snapshot.progressOf(worker, name);
        if (progress !== undefined) changes.progress.push({ worker, name, ...progress });
      }
    }
    return changes;
  }

  #counts(): Pick<ApiChanges, 'counts' | 'states'> {
    const { index, views } = this.#options;
    return { counts: index.counts(), states: views.states() };
  }

  #stateOf(worker: string): WorkerState | undefined {
    const { store, views } = this.#options;
    return store.worker(worker) === undefined ? undefined : views.snapshot().workerState(worker);
  }

  #id(number: number): string {
    return `${this.#epoch}.${number}`;
  }

  #numberIn(id: string | string[] | undefined): number | undefined {
    const [epoch, number = ''] = typeof id === 'string' ? id.split('.') : [];
    return epoch === this.#epoch && /^\d{1,15}$/.test(number) ? Number(number) : undefined;
  }

  #write({ output }: Reader, event: { event: string; id?: string; data: string }): void {
    output.send(event);
  }
}

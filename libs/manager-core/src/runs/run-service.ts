import {
  isZeroTime,
  toUnixMillis,
  toWireTime,
  type Clock,
  type MirrorStatus,
  type RunRecord,
} from '@tunasync/protocol';
import { runKeyOf, type MirrorKey, type RunKey, type StoreChange } from '@tunasync/store';
import { KeyedSerialQueue } from '@tunasync/util';
import { ManagerError } from '../errors/manager-error.js';
import { checkMirrorName } from '../errors/mirror-name.js';
import type { ServiceEvents } from '../events/service-events.js';
import type { StatusCache } from '../store/status-cache.js';
import type { WorkerService } from '../workers/worker-service.js';

/** How many finished runs are kept, and for how long. */
export interface HistoryLimits {
  /** Of a mirror at a worker. @defaultValue 200 */
  runsPerMirror?: number | undefined;
  /** Since its end. @defaultValue 90 */
  days?: number | undefined;
}

/** What {@link RunService} needs. */
export interface RunServiceOptions {
  store: StatusCache;
  workers: WorkerService;
  clock: Pick<Clock, 'now'>;
  limits?: HistoryLimits | undefined;
  events: ServiceEvents;
}

const dayMs = 86_400_000;

/** The limits in force: most runs of a mirror at a worker, and for how many milliseconds since their end. */
export function retentionOf({ runsPerMirror = 200, days = 90 }: HistoryLimits = {}): {
  runsPerMirror: number;
  keptMs: number;
} {
  return { runsPerMirror, keptMs: days * dayMs };
}

/** Characters of each text that are kept. */
const longestText = 4096;
/** Runs that one write of the retention deletes: it must not hold up reports. */
const deletedAtOnce = 500;

/** Finished runs: takes their records, keeps so many of them, and tells of them. */
export class RunService {
  readonly #store: StatusCache;
  readonly #workers: WorkerService;
  readonly #clock: Pick<Clock, 'now'>;
  readonly #runsPerMirror: number;
  readonly #keptMs: number;
  readonly #events: ServiceEvents;
  /** One queue for each mirror: a step has to see what the step before it wrote. */
  readonly #queues = new KeyedSerialQueue<string>();

  constructor({ store, workers, clock, limits, events }: RunServiceOptions) {
    this.#store = store;
    this.#workers = workers;
    this.#clock = clock;
    this.#events = events;
    ({ runsPerMirror: this.#runsPerMirror, keptMs: this.#keptMs } = retentionOf(limits));
  }

  /**
   * Keeps a record, and what the mirror's status says of its runs; one with an id that is there already changes
   * nothing. Resolves when it is on stable storage. @throws ManagerError
   */
  async report(worker: string, record: RunRecord): Promise<void> {
    this.#workers.get(worker);
    checkMirrorName(record.name);
    if (isZeroTime(record.ended))
      throw new ManagerError('BODY_INVALID', 'ended: expected when the run ended');
    const run = { ...withShortTexts(endedByNow(record, this.#clock.now())), worker };
    await this.#inTurn(run, () => this.#add(run));
  }

  /**
   * The newest runs of a mirror, newest first.
   *
   * @param worker - the only one that is meant; empty: all
   * @throws ManagerError `MIRROR_NOT_FOUND`, `WORKER_UNKNOWN`
   */
  async history(name: string, limit: number, worker = ''): Promise<RunRecord[]> {
    const workers = worker === '' ? this.#store.workers() : [this.#workers.get(worker)];
    const runs = await Promise.all(
      workers.map(({ id }) => this.#store.listRuns({ worker: id, name }, limit)),
    );
    const newest = runs.flat().sort((one, other) => runKeyOf(other).ended - runKeyOf(one).ended);
    if (newest.length === 0 && !workers.some(({ id }) => this.#store.status(id, name) !== undefined)) {
      const who = worker === '' ? 'no worker has a' : `worker '${worker}' has no`;
      throw new ManagerError('MIRROR_NOT_FOUND', `${who} mirror '${name}'`);
    }
    return newest.slice(0, limit);
  }

  /** Deletes the runs that are too many or too old; resolves to how many those were. */
  async prune(): Promise<number> {
    let deleted = 0;
    for (const mirror of await this.#store.listRunMirrors()) {
      deleted += await this.#inTurn(mirror, () => this.#pruneMirror(mirror));
    }
    return deleted;
  }

  async #add(run: RunRecord): Promise<void> {
    const key = runKeyOf(run);
    const known = await this.#store.listRunKeys(run);
    if (known.some(({ id }) => id === run.id)) return;
    const newer = known.filter(({ ended }) => ended > key.ended).length;
    const kept = newer < this.#runsPerMirror && !this.#isOld(key);
    const status = this.#store.status(run.worker, run.name);
    await this.#store.write([
      // the worker may have been deleted meanwhile
      ...this.#workers.seen(run.worker),
      ...(kept ? [{ type: 'put-run', run } as const] : []),
      ...(kept ? known.slice(this.#runsPerMirror - 1).map(deleteRun) : []),
      ...(status === undefined || !kept
        ? []
        : [{ type: 'put-status', status: withRun(status, run, newer === 0) } as const]),
    ]);
    if (kept) this.#events.emit('runAdded', run);
  }

  async #pruneMirror(mirror: MirrorKey): Promise<number> {
    const keys = await this.#store.listRunKeys(mirror);
    const gone = keys.filter((key, index) => index >= this.#runsPerMirror || this.#isOld(key));
    for (let begin = 0; begin < gone.length; begin += deletedAtOnce) {
      await this.#store.write(gone.slice(begin, begin + deletedAtOnce).map(deleteRun));
    }
    return gone.length;
  }

  #isOld({ ended }: RunKey): boolean {
    return ended < this.#clock.now() - this.#keptMs;
  }

  #inTurn<T>({ worker, name }: MirrorKey, step: () => Promise<T>): Promise<T> {
    return this.#queues.add(`${worker}/${name}`, step);
  }
}

/** With a clock that is ahead a run ends in the future, and would be the newest one until then: it ended now. */
function endedByNow(record: RunRecord, now: number): RunRecord {
  const ahead = toUnixMillis(record.ended) - now;
  if (ahead <= 0) return record;
  const started = isZeroTime(record.started)
    ? record.started
    : toWireTime(toUnixMillis(record.started) - ahead);
  return { ...record, started, ended: toWireTime(now) };
}

function withShortTexts(record: RunRecord): RunRecord {
  const short = (text: string): string => text.slice(0, longestText);
  return {
    ...record,
    reason: short(record.reason),
    error_msg: short(record.error_msg),
    size: short(record.size),
    log_file: short(record.log_file),
  };
}

const deleteRun = (key: RunKey): StoreChange => ({ type: 'delete-run', key });

/** The status with what a finished run adds to its extension fields. @param newest - no later run is known */
function withRun(status: MirrorStatus, run: RunRecord, newest: boolean): MirrorStatus {
  const { bytes_transferred: bytes = 0 } = run;
  const { total_transferred_bytes: total = 0, consecutive_failures } = status;
  return {
    ...status,
    // zero is left out, as in every status
    total_transferred_bytes: total + bytes || undefined,
    ...(newest
      ? {
          last_transferred_bytes: bytes || undefined,
          consecutive_failures: failuresAfter(consecutive_failures, run) || undefined,
        }
      : {}),
  };
}

function failuresAfter(failures = 0, { result, reason }: RunRecord): number {
  if (result === 'success') return 0;
  // an upstream that is busy and a run that somebody ended are nobody's failures
  return result === 'failed' && reason !== 'upstream-refused' ? failures + 1 : failures;
}

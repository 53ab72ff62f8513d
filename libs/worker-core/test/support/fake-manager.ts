import { RefusedError, UnreachableError } from '@tunasync/client';
import {
  zeroTime,
  type Heartbeat,
  type MirrorSchedule,
  type MirrorStatus,
  type ProgressEntry,
  type ProgressReport,
  type RunRecord,
  type SyncStatus,
} from '@tunasync/protocol';
import type { KvOp } from '@tunasync/store';
import type { KeyValue, ManagerApi, ManagerCall } from '../../src/index.js';

/** A manager's side of the protocol, in memory; tests take it away, break it and hold its answers back. */
export class FakeManager implements ManagerApi {
  readonly address: string;
  readonly workers = new Map<string, string>();
  readonly statuses = new Map<string, MirrorStatus>();
  /** What came in, in order: `register`, `debian success`, `schedule debian`, `list`. */
  readonly log: string[] = [];
  readonly schedules: MirrorSchedule[][] = [];
  /** Run records that it keeps, in the order of their coming. */
  readonly runs: RunRecord[] = [];
  readonly heartbeats: Heartbeat[] = [];
  readonly progress: ProgressEntry[][] = [];
  /** It has none of the routes beyond the contract. */
  old = false;
  /** Nobody answers. */
  down = false;
  /** HTTP status of the answer to a report; undefined: 200. */
  answerTo: (report: MirrorStatus) => number | undefined = () => undefined;
  /** Forgets every registration at once. */
  amnesiac = false;
  requests = 0;
  inFlight = 0;
  mostInFlight = 0;
  closed = false;
  #held: (() => void)[] | undefined;

  constructor(address = 'http://manager:14242') {
    this.address = address;
  }

  /** Keeps every answer back until {@link release}. */
  hold(): void {
    this.#held ??= [];
  }

  release(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const open of held) open();
  }

  /** Reports that came in. */
  get reports(): string[] {
    return this.log.filter((line) => !/^(register|schedule|list|check|heartbeat|progress)/.test(line));
  }

  loseEverything(): void {
    this.workers.clear();
    this.statuses.clear();
  }

  registerWorker(worker: { id: string; url: string; token: string }, call?: ManagerCall): Promise<unknown> {
    return this.#answer('register', call, () => {
      if (!this.amnesiac) this.workers.set(worker.id, worker.url);
      return worker;
    });
  }

  listWorkerJobs(id: string, call?: ManagerCall): Promise<MirrorStatus[]> {
    return this.#answer('list', call, () => {
      this.#check(id);
      return [...this.statuses.values()];
    });
  }

  reportStatus(id: string, report: MirrorStatus, call?: ManagerCall): Promise<unknown> {
    return this.#answer(`${report.name} ${report.status}`, call, () => {
      this.#check(id);
      const status = this.answerTo(report);
      if (status !== undefined) throw this.#refusal(status, 'no');
      this.statuses.set(report.name, report);
      return report;
    });
  }

  reportSchedules(id: string, body: { schedules: MirrorSchedule[] }, call?: ManagerCall): Promise<unknown> {
    const names = body.schedules.map(({ name }) => name).join(',');
    return this.#answer(names === '' ? 'check' : `schedule ${names}`, call, () => {
      this.#check(id);
      if (names !== '') this.schedules.push(body.schedules);
      return {};
    });
  }

  reportRun(id: string, run: RunRecord, call?: ManagerCall): Promise<unknown> {
    return this.#answer(`${run.name} run ${run.id}`, call, () => {
      this.#checkNew(id);
      this.runs.push(run);
    });
  }

  heartbeat(id: string, facts: Heartbeat, call?: ManagerCall): Promise<unknown> {
    return this.#answer('heartbeat', call, () => {
      this.#checkNew(id);
      this.heartbeats.push(facts);
    });
  }

  reportProgress(id: string, { progress }: ProgressReport, call?: ManagerCall): Promise<unknown> {
    return this.#answer('progress', call, () => {
      this.#checkNew(id);
      this.progress.push(progress);
    });
  }

  close(): void {
    this.closed = true;
  }

  #checkNew(id: string): void {
    if (this.old) throw this.#refusal(404, '404 page not found');
    this.#check(id);
  }

  #check(id: string): void {
    if (!this.workers.has(id)) throw this.#refusal(400, `invalid workerID ${id}`);
  }

  #refusal(status: number, message: string): RefusedError {
    return new RefusedError(this.address, status, JSON.stringify({ error: message }), message);
  }

  async #answer<T>(line: string, call: ManagerCall | undefined, act: () => T): Promise<T> {
    this.requests += 1;
    this.inFlight += 1;
    this.mostInFlight = Math.max(this.mostInFlight, this.inFlight);
    try {
      await Promise.resolve();
      const unreachable = (): UnreachableError =>
        new UnreachableError(this.address, 'refused', 'connection refused');
      if (this.#held !== undefined) {
        const held = this.#held;
        await new Promise<void>((resolve, reject) => {
          held.push(resolve);
          call?.signal?.addEventListener('abort', () => {
            reject(unreachable());
          });
        });
      }
      if (this.down) throw unreachable();
      const result = act();
      this.log.push(line);
      return result;
    } finally {
      this.inFlight -= 1;
    }
  }
}

/** A report as the engine makes it. */
export function report(name: string, status: SyncStatus, more: Partial<MirrorStatus> = {}): MirrorStatus {
  return {
    name,
    worker: 'w1',
    is_master: true,
    status,
    last_update: zeroTime,
    last_started: zeroTime,
    last_ended: zeroTime,
    next_schedule: zeroTime,
    upstream: `rsync://example.org/${name}/`,
    size: 'unknown',
    error_msg: '',
    ...more,
  };
}

/** The record of a finished run as the engine makes it. */
export function runRecord(name: string, id: string, more: Partial<RunRecord> = {}): RunRecord {
  return {
    id,
    name,
    worker: 'w1',
    started: '2026-11-24T00:00:00Z',
    ended: '2026-11-24T00:01:00Z',
    result: 'success',
    reason: 'ok',
    attempts: 1,
    exit_code: 0,
    error_msg: '',
    size: '1.33T',
    log_file: `/log/${name}.log`,
    ...more,
  };
}

/** A key-value store in memory, which can be made to fail. */
export class FakeKeyValue implements KeyValue {
  readonly data = new Map<string, string>();
  readonly batches: (readonly KvOp[])[] = [];
  failing: Error | undefined;

  entries(prefix: string): Promise<[string, string][]> {
    return Promise.resolve([...this.data].filter(([key]) => key.startsWith(prefix)).sort());
  }

  async write(operations: readonly KvOp[]): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    this.batches.push(operations);
    if (this.failing !== undefined) throw this.failing;
    for (const operation of operations) {
      if (operation.type === 'put') this.data.set(operation.key, operation.value);
      else this.data.delete(operation.key);
    }
  }

  /** Keys under a prefix. */
  keys(prefix: string): string[] {
    return [...this.data.keys()].filter((key) => key.startsWith(prefix)).sort();
  }
}

import type { MirrorSchedules, MirrorStatus, WorkerStatus } from '@tunasync/protocol';

/** How long a request may take, and how it is given up. */
export interface ManagerCall {
  signal?: AbortSignal;
  /** Milliseconds; absent: the client's own limit. */
  timeoutMs?: number;
}

/** What a worker asks of one manager; `ManagerClient` of `@tunasync/client` is one. Rejects with its errors. */
export interface ManagerApi {
  registerWorker(worker: WorkerStatus, call?: ManagerCall): Promise<unknown>;
  listWorkerJobs(workerId: string, call?: ManagerCall): Promise<readonly MirrorStatus[]>;
  reportStatus(workerId: string, report: MirrorStatus, call?: ManagerCall): Promise<unknown>;
  reportSchedules(workerId: string, schedules: MirrorSchedules, call?: ManagerCall): Promise<unknown>;
  /** Gives up what is under way and lets go of all connections. */
  close(): void;
}

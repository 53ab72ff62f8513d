import type {
  Heartbeat,
  MirrorSchedules,
  MirrorStatus,
  ProgressReport,
  RunRecord,
  WorkerStatus,
} from '@tunasync/protocol';

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
  /** These three are of no use to managers that have no such routes; those answer 404. */
  reportRun(workerId: string, run: RunRecord, call?: ManagerCall): Promise<unknown>;
  heartbeat(workerId: string, facts: Heartbeat, call?: ManagerCall): Promise<unknown>;
  reportProgress(workerId: string, progress: ProgressReport, call?: ManagerCall): Promise<unknown>;
  /** Gives up what is under way and lets go of all connections. */
  close(): void;
}

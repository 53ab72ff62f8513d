import type { MirrorStatus, RunRecord } from '@tunasync/protocol';

/** A report to the managers about one mirror: its status, or a finished run. */
export type Report =
  | { readonly kind: 'status'; readonly mirror: string; readonly status: MirrorStatus }
  | { readonly kind: 'run'; readonly mirror: string; readonly run: RunRecord };

/** A report that waits for one manager. */
export interface QueuedReport {
  /** Identifies the report in the outbox; grows with the order of the reports. Undefined: it is not in the outbox. */
  readonly seq: number | undefined;
  readonly report: Report;
}

/** A report of a mirror's status; a copy, which the caller's later changes do not affect. */
export function statusReport(status: MirrorStatus): Report {
  return { kind: 'status', mirror: status.name, status: { ...status } };
}

/** A report of a finished run; a copy, too. */
export function runReport(run: RunRecord): Report {
  return { kind: 'run', mirror: run.name, run: { ...run } };
}

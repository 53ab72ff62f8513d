import { mirrorStatusSchema, runRecordSchema } from '@tunasync/protocol';
import type { KvOp } from '@tunasync/store';
import { z } from 'zod';
import type { QueuedReport, Report } from '../interfaces/report.js';
import { parseJson } from './parse-json.js';

/** Keys of undelivered reports begin with it; `<manager>/<seq>` follows. */
export const outboxPrefix = 'outbox/';

/** An undelivered report as an earlier process left it. */
export interface OutboxEntry {
  readonly key: string;
  /** Identifies the manager: see `managerKey`. */
  readonly manager: string;
  /** Undefined: the entry is invalid. */
  readonly queued: (QueuedReport & { readonly seq: number }) | undefined;
}

const reportSchema = z.union([
  z.object({ run: runRecordSchema }).transform(({ run }): Report => ({ kind: 'run', mirror: run.name, run })),
  mirrorStatusSchema.transform((status): Report => ({ kind: 'status', mirror: status.name, status })),
]);

/** The changes that keep a report for each manager: a status as it is, a run as `{run: …}`. */
export function putReport(managers: readonly string[], seq: number, report: Report): KvOp[] {
  const value = JSON.stringify(report.kind === 'run' ? { run: report.run } : report.status);
  return managers.map((manager) => ({ type: 'put', key: keyOf(manager, seq), value }));
}

/** The change that removes a report. */
export function removeReport(manager: string, seq: number): KvOp {
  return { type: 'del', key: keyOf(manager, seq) };
}

/** Reads an entry of the outbox. */
export function parseEntry(key: string, value: string): OutboxEntry {
  const [manager = '', seq = ''] = key.slice(outboxPrefix.length).split('/');
  const report = parseJson(value, reportSchema);
  const valid = report !== undefined && report.mirror !== '' && /^\d{16}$/.test(seq);
  return { key, manager, queued: valid ? { seq: Number(seq), report } : undefined };
}

/** Padded, so that the order of the keys is the order of the reports. */
function keyOf(manager: string, seq: number): string {
  return `${outboxPrefix}${manager}/${String(seq).padStart(16, '0')}`;
}

import type { Logger } from '@tunasync/logger';
import { mirrorStatusSchema, runRecordSchema, type Clock } from '@tunasync/protocol';
import { z } from 'zod';
import { CoalescingWriter } from '../records/coalescing-writer.js';
import type { KeyValue } from '../records/key-value.js';
import { type QueuedReport, type Report, reports } from './outbox-queue.js';

const prefix = 'outbox/';

/** Where undelivered reports are kept on disk, if anywhere. */
export interface OutboxJournal {
  /** What an earlier process left, by manager key, each in the order of its making. Drops those of other managers. */
  load(managers: readonly string[]): Promise<Map<string, QueuedReport[]>>;
  /** Keeps a report for each of these managers. */
  keep(managers: readonly string[], seq: number, report: Report): void;
  /** It is delivered, or given up. */
  forget(manager: string, seq: number): void;
  /** Resolves, in the order of the calls, when everything so far is on disk, or cannot be written. Undefined: it is already. */
  settled(): Promise<void> | undefined;
  close(): Promise<void>;
}

/** Keeps nothing: undelivered reports end with the process. */
export const memoryJournal: OutboxJournal = {
  load: () => Promise.resolve(new Map()),
  keep: () => undefined,
  forget: () => undefined,
  settled: () => undefined,
  close: () => Promise.resolve(),
};

/** Keeps reports in a key-value store under `outbox/<manager>/<seq>`: a status as it is, a run as `{run: …}`. */
export function kvJournal(kv: KeyValue, logger: Logger, options: { clock?: Clock } = {}): OutboxJournal {
  const writer = new CoalescingWriter({ kv, logger, what: 'undelivered reports', ...options });
  const keyOf = (manager: string, seq: number): string =>
    `${prefix}${manager}/${String(seq).padStart(16, '0')}`;
  return {
    async load(managers) {
      const kept = new Map<string, QueuedReport[]>(managers.map((manager) => [manager, []]));
      let foreign = 0;
      for (const [key, value] of await kv.entries(prefix)) {
        const [manager = '', seq = ''] = key.slice(prefix.length).split('/');
        const report = parseReport(value);
        const list = kept.get(manager);
        if (list !== undefined && report !== undefined && /^\d{16}$/.test(seq)) {
          list.push({ seq: Number(seq), report });
          continue;
        }
        if (list === undefined) foreign += 1;
        else logger.warn(`the kept report ${key} makes no sense and is dropped`);
        writer.put(key, undefined);
      }
      if (foreign > 0) {
        logger.warn(`${reports(foreign)} for managers that are not configured any more: dropped`);
      }
      return kept;
    },
    keep(managers, seq, report) {
      const text = JSON.stringify(report.kind === 'run' ? { run: report.run } : report.status);
      for (const manager of managers) writer.put(keyOf(manager, seq), text);
    },
    forget(manager, seq) {
      writer.put(keyOf(manager, seq), undefined);
    },
    settled: () => writer.flush(),
    close: () => writer.close(),
  };
}

const keptSchema = z.union([
  z.object({ run: runRecordSchema }).transform(({ run }): Report => ({ kind: 'run', mirror: run.name, run })),
  mirrorStatusSchema.transform((status): Report => ({ kind: 'status', mirror: status.name, status })),
]);

function parseReport(text: string): Report | undefined {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return undefined;
  }
  const parsed = keptSchema.safeParse(json);
  return parsed.success && parsed.data.mirror !== '' ? parsed.data : undefined;
}

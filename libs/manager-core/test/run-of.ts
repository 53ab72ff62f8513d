import type { RunRecord } from '@tunasync/protocol';

/** A finished run as a worker reports it. */
export function runOf(name: string, ended: number, fields: Partial<RunRecord> = {}): RunRecord {
  return {
    id: `${name}-${ended}`,
    name,
    worker: '',
    started: new Date(ended - 60_000).toISOString(),
    ended: new Date(ended).toISOString(),
    result: 'success',
    reason: 'ok',
    attempts: 1,
    error_msg: '',
    bytes_transferred: 100,
    size: '1.33T',
    log_file: '/var/log/tunasync/x.log',
    ...fields,
  };
}

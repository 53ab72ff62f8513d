import { TunasyncError, type SyncStatus } from '@tunasync/protocol';

const workers = 20;
const hourMs = 3_600_000;
/** One after the other. */
const statuses: readonly SyncStatus[] = [
  'success',
  'success',
  'success',
  'success',
  'syncing',
  'failed',
  'paused',
  'none',
];

/**
 * Tells a manager of many mirrors, as twenty workers of v0.10 would.
 *
 * @param fixed - of each: instead of `mirror-00000` and so on, and of the states one after the other
 */
export async function reportMany(
  manager: string,
  count: number,
  fixed: { name?: string; status?: SyncStatus } = {},
): Promise<void> {
  const post = async (path: string, body: unknown): Promise<void> => {
    const answer = await fetch(manager + path, { method: 'POST', body: JSON.stringify(body) });
    if (!answer.ok) throw new TunasyncError('REPORT_REFUSED', await answer.text());
    await answer.arrayBuffer();
  };
  for (let n = 0; n < workers; n += 1) {
    await post('/workers', { id: `worker-${n}`, url: 'http://127.0.0.1:9/', token: '' });
  }
  const at = (millis: number): string => new Date(Date.now() + millis).toISOString();
  const queue = Array.from({ length: count }, (_, n) => n).values();
  const send = async (): Promise<void> => {
    for (const n of queue) {
      const { name = `mirror-${String(n).padStart(5, '0')}`, status = statuses[n % statuses.length] } = fixed;
      const worker = `worker-${n % workers}`;
      const ended = -hourMs * (1 + (n % 48));
      await post(`/workers/${worker}/jobs/${name}`, {
        name,
        worker,
        is_master: true,
        status,
        last_update: at(ended),
        last_started: at(ended - 600_000),
        last_ended: at(ended),
        next_schedule: at(hourMs * (1 + (n % 24))),
        upstream: `rsync://upstream-${n % 300}.example.org/${name}/`,
        size: `${(n % 900) + 1}G`,
        error_msg: status === 'failed' ? 'rsync error: timeout in data send/receive (code 30)' : '',
      });
    }
  };
  await Promise.all(Array.from({ length: 16 }, send));
}

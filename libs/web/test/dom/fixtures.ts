import type { ApiJob, ApiOverview, ApiWorker, JobState, RunRecord } from '../../site/api/types.js';

/** The time that many minutes ago; negative: in the future. */
export function minutesAgo(minutes: number): string {
  return new Date(Math.floor(Date.now() / 1000) * 1000 - minutes * 60_000).toISOString().replace('.000', '');
}

/** A mirror that succeeded an hour ago. */
export function makeJob(name: string, more: Partial<ApiJob> = {}): ApiJob {
  return {
    name,
    worker: 'alpha',
    is_master: true,
    status: 'success',
    state: 'success',
    worker_state: 'online',
    last_update: minutesAgo(60),
    last_started: minutesAgo(70),
    last_ended: minutesAgo(60),
    next_schedule: minutesAgo(-180),
    upstream: `rsync://upstream.example.org/${name}/`,
    size: '1.5G',
    error_msg: '',
    ...more,
  };
}

/** Fields of a failed job. */
export const failed = { status: 'failed', state: 'failed', error_msg: 'exit status 23' } as const;
/** Fields of a syncing job. */
export const syncing = { status: 'syncing', state: 'syncing' } as const;
/** Fields of a paused job. */
export const paused = { status: 'paused', state: 'paused' } as const;
/** Fields of a disabled job. */
export const disabled = { status: 'disabled', state: 'disabled' } as const;

/** An online worker. */
export function makeWorker(id: string, more: Partial<ApiWorker> = {}): ApiWorker {
  return {
    id,
    url: `https://${id}.example.org:6000/`,
    state: 'online',
    last_online: minutesAgo(0),
    last_register: minutesAgo(600),
    version: '0.1.0',
    slots: 4,
    running: 1,
    queued: 0,
    outbox: 0,
    filesystems: [{ path: '/srv', total: 1_000_000_000_000, free: 400_000_000_000 }],
    counts: countsOf([], 'status'),
    ...more,
  };
}

/** A finished run. */
export function makeRun(id: string, more: Partial<RunRecord> = {}): RunRecord {
  return {
    id,
    name: 'debian',
    worker: 'alpha',
    started: minutesAgo(70),
    ended: minutesAgo(60),
    result: 'success',
    reason: 'ok',
    attempts: 1,
    exit_code: 0,
    error_msg: '',
    bytes_transferred: 2_000_000,
    files: 12,
    size: '1.5G',
    log_file: `/var/log/tunasync/debian/${id}.log`,
    ...more,
  };
}

const states: readonly JobState[] = [
  'success',
  'syncing',
  'waiting',
  'failed',
  'stale',
  'paused',
  'disabled',
  'none',
];
const statuses = ['none', 'failed', 'success', 'syncing', 'pre-syncing', 'paused', 'disabled'] as const;

/** Counts jobs by state or status. */
export function countsOf(jobs: readonly ApiJob[], of: 'state' | 'status' = 'state'): Record<string, number> {
  const names: readonly string[] = of === 'state' ? states : statuses;
  return Object.fromEntries(names.map((name) => [name, jobs.filter((job) => job[of] === name).length]));
}

/** The overview of some jobs and workers. */
export function makeOverview(
  jobs: readonly ApiJob[],
  workers: readonly ApiWorker[],
  more: Partial<ApiOverview> = {},
): ApiOverview {
  const attention = jobs.flatMap((job): ApiOverview['attention'] =>
    job.state === 'failed' || job.state === 'stale' ? [{ kind: job.state, job }] : [],
  );
  const running = jobs.filter(({ status }) => status === 'syncing' || status === 'pre-syncing');
  const inState = (state: ApiWorker['state']): number =>
    workers.filter((worker) => worker.state === state).length;
  return {
    states: countsOf(jobs),
    workers: { online: inState('online'), lost: inState('lost'), unknown: inState('unknown') },
    attention,
    attention_total: attention.length,
    running,
    running_total: running.length,
    next: jobs.filter((job) => !running.includes(job)).slice(0, 10),
    runs: Array.from({ length: 48 }, (_, index) => ({
      from: minutesAgo(1440 - 30 * index),
      success: 1,
      failed: index === 40 ? 2 : 0,
      killed: 0,
    })),
    ...more,
  };
}

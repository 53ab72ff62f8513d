import {
  maxTimelineRuns,
  toUnixMillis,
  toWireTime,
  type apiTimelineQuerySchema,
  type ApiTimeline,
  type WorkerStatus,
} from '@tunasync/protocol';
import type { z } from 'zod';
import type { RunIndex } from '../runs/run-index.js';
import type { WorkerPlans } from '../workers/worker-plans.js';
import type { WorkerService } from '../workers/worker-service.js';
import type { JobEntry } from './job-entry.js';
import type { JobIndex } from './job-index.js';
import type { JobViews } from './job-views.js';
import type { Snapshot } from './snapshot.js';

/** What {@link timelineOf} needs. */
export interface TimelineParts {
  workers: WorkerService;
  index: JobIndex;
  views: JobViews;
  runs: RunIndex;
  plans: WorkerPlans;
}

type TimelineQuery = z.output<typeof apiTimelineQuerySchema>;
type Planned = ApiTimeline['planned'][number];

const hourMs = 3_600_000;

/**
 * What ran, runs and will run. Plans are those of the workers; of one that does not tell its plan, or is lost, the
 * next start of each job is shown.
 *
 * @throws ManagerError `WORKER_UNKNOWN`
 */
export async function timelineOf(parts: TimelineParts, query: TimelineQuery): Promise<ApiTimeline> {
  const only = query.worker === undefined || query.worker === '' ? undefined : query.worker;
  const workers = only === undefined ? parts.workers.list() : [parts.workers.get(only)];
  const { planned, unplanned, truncated } = await plansOf(parts, workers, query.future);
  const snapshot = parts.views.snapshot();
  const { now } = snapshot;
  const from = now - query.past * hourMs;
  const to = now + query.future * hourMs;
  const past = parts.runs.between(from, now, { worker: only, most: maxTimelineRuns });
  const entries = parts.index.entries().filter(({ status }) => only === undefined || status.worker === only);
  const withoutPlan = new Set(unplanned);
  const nextOnes = entries.filter(({ status }) => withoutPlan.has(status.worker)).flatMap(nextStart);
  const future = [...planned, ...(query.future === 0 ? [] : nextOnes)]
    .map((run) => ({ run, at: toUnixMillis(run.start) }))
    .filter(({ at }) => at >= now && at <= to)
    .sort((one, other) => one.at - other.at);
  return {
    now: toWireTime(now),
    from: toWireTime(from),
    to: toWireTime(to),
    past: past.runs.map(({ started, ended, ...run }) => ({
      ...run,
      started: toWireTime(started),
      ended: toWireTime(ended),
    })),
    running: runningOf(entries, snapshot),
    planned: future.slice(0, maxTimelineRuns).map(({ run }) => run),
    truncated: past.truncated || truncated || future.length > maxTimelineRuns,
    unplanned,
  };
}

async function plansOf(
  { views, plans }: TimelineParts,
  workers: readonly WorkerStatus[],
  hours: number,
): Promise<{ planned: Planned[]; unplanned: string[]; truncated: boolean }> {
  if (hours === 0) return { planned: [], unplanned: [], truncated: false };
  const snapshot = views.snapshot();
  const answers = await Promise.all(
    workers.map(async (worker) => ({
      id: worker.id,
      // who is lost would not answer, and will start nothing as far as anybody knows
      plan: snapshot.workerState(worker.id) === 'lost' ? undefined : await plans.of(worker, hours),
    })),
  );
  return {
    planned: answers.flatMap(({ id, plan }) => plan?.planned.map((run) => ({ worker: id, ...run })) ?? []),
    unplanned: answers.flatMap(({ id, plan }) => (plan === undefined ? [id] : [])).sort(),
    truncated: answers.some(({ plan }) => plan?.truncated === true),
  };
}

function runningOf(entries: readonly JobEntry[], snapshot: Snapshot): ApiTimeline['running'] {
  return entries
    .filter(({ status: { status } }) => status === 'syncing' || status === 'pre-syncing')
    .map(({ status: { worker, name, last_started: started } }) => {
      const eta = snapshot.progressOf(worker, name)?.eta;
      return { worker, name, started, ...(eta === undefined ? {} : { eta }) };
    });
}

function nextStart({ status, read: { duration } }: JobEntry): Planned[] {
  if (status.status === 'paused' || status.status === 'disabled') return [];
  const { worker, name, next_schedule: start } = status;
  return [
    { worker, name, start, ...(duration === undefined ? {} : { seconds: Math.round(duration / 1000) }) },
  ];
}

import { maxTimelineRuns, toWireTime, type JobPlan, type WorkerPlan } from '@tunasync/protocol';
import { planStarts, upcomingStarts, type UpcomingJob } from '@tunasync/scheduler';
import type { JobSnapshot } from '../../interfaces/worker.js';

/** Starts that the plan of one job contains. */
const plannedOfJob = 10;
const hourMs = 3_600_000;

/** Plans the next steps of a job. @param now - milliseconds since the Unix epoch, as all instants here */
export function jobPlan(job: JobSnapshot, now: number): JobPlan {
  const { provider, attempt, attempts, schedule } = job;
  const upcoming = upcomingOf(job, now);
  return {
    provider,
    attempt,
    attempts,
    schedule,
    upcoming: upcoming === undefined ? [] : firstStarts(upcoming, now).map((start) => toWireTime(start)),
  };
}

/** Plans the starts of all jobs of a worker in the next hours. */
export function workerPlan(jobs: readonly JobSnapshot[], hours: number, now: number): WorkerPlan {
  const upcoming = jobs.flatMap((job) => {
    const found = upcomingOf(job, now);
    return found === undefined ? [] : [[job, found] as const];
  });
  const { starts, truncated } = planStarts(upcoming, {
    now,
    until: now + hours * hourMs,
    most: maxTimelineRuns,
  });
  return {
    planned: starts.map(({ key: { name, lastDuration }, at }) => ({
      name,
      start: toWireTime(at),
      ...(lastDuration !== undefined && { seconds: Math.round(lastDuration / 1000) }),
    })),
    truncated,
  };
}

function firstStarts(job: UpcomingJob, now: number): number[] {
  const starts: number[] = [];
  for (const start of upcomingStarts(job, now)) {
    starts.push(start);
    if (starts.length === plannedOfJob) break;
  }
  return starts;
}

/** The data that determine the next starts; undefined for a job that does not start on its own. */
function upcomingOf(job: JobSnapshot, now: number): UpcomingJob | undefined {
  const { state, then, schedule: rule, blackout, timezone, nextDue, lastDuration } = job;
  const base = { rule, blackout, timezone, due: nextDue, durationMs: lastDuration ?? 0 };
  switch (state) {
    case 'ready':
      return base;
    case 'queued':
      return { ...base, due: now };
    case 'running':
      return { ...base, ...runUnderWay(job, now) };
    case 'halting':
      return then === 'queue' || then === 'queue-forced' ? { ...base, due: now } : undefined;
    case 'none':
    case 'paused':
    case 'disabled':
      return undefined;
  }
}

/** The progress of the current run predicts its end better than the previous run does. */
function runUnderWay(
  { progress, lastStarted, lastDuration = 0 }: JobSnapshot,
  now: number,
): Pick<UpcomingJob, 'runsUntil' | 'durationMs'> {
  const { eta } = progress ?? {};
  if (eta === undefined) return { runsUntil: lastStarted + lastDuration, durationMs: lastDuration };
  const runsUntil = now + eta * 1000;
  return { runsUntil, durationMs: Math.max(0, runsUntil - lastStarted) };
}

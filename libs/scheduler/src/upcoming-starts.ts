import { blackoutEnd, type BlackoutWindow } from './blackout.js';
import { IndexedHeap, type HeapEntry } from './indexed-heap.js';
import { nextDue } from './next-due.js';
import type { ScheduleRule } from './rules.js';

/** The facts that determine the next starts of a job. Instants are milliseconds since the Unix epoch. */
export interface UpcomingJob {
  readonly rule: ScheduleRule;
  /** Times in which nothing starts. */
  readonly blackout: readonly BlackoutWindow[];
  /** Zone of the blackout: an IANA name. */
  readonly timezone: string;
  /** When it is due; one that has gone by is now, 0 is never. */
  readonly due: number;
  /** When the current run is likely to end; the next start then follows this, not `due`. @defaultValue no run */
  readonly runsUntil?: number | undefined;
  /** How long a run is likely to take, in milliseconds. */
  readonly durationMs: number;
}

/**
 * The next starts of a job, soonest first and without end. Each run takes as long as the last one, only blackouts
 * delay a start, and there is no jitter.
 *
 * @param now - milliseconds since the Unix epoch
 */
export function* upcomingStarts(job: UpcomingJob, now: number): Generator<number, undefined> {
  const { rule, blackout, timezone, due, runsUntil, durationMs } = job;
  let next = due === 0 ? 0 : Math.max(due, now);
  if (runsUntil !== undefined) next = nextDue(rule, Math.max(runsUntil, now));
  while (next !== 0) {
    const start = blackoutEnd(blackout, timezone, next) ?? next;
    yield start;
    next = nextDue(rule, start + durationMs);
  }
  return undefined;
}

/** The range of {@link planStarts}. Instants are milliseconds since the Unix epoch. */
export interface PlanRange {
  now: number;
  /** Starts up to here, this included. */
  until: number;
  /** The most starts. */
  most: number;
}

/** The starts of many jobs together, soonest first; costs no more than the starts that it gives and one of each job. */
export function planStarts<K>(
  jobs: Iterable<readonly [K, UpcomingJob]>,
  { now, until, most }: PlanRange,
): { starts: HeapEntry<K>[]; /** Whether there would be more. */ truncated: boolean } {
  const heap = new IndexedHeap<K>();
  const followers = new Map<K, Generator<number, undefined>>();
  const take = (key: K, upcoming: Generator<number, undefined>): void => {
    const at = upcoming.next().value;
    if (at !== undefined && at <= until) heap.set(key, at);
    else heap.remove(key);
  };
  for (const [key, job] of jobs) {
    const upcoming = upcomingStarts(job, now);
    followers.set(key, upcoming);
    take(key, upcoming);
  }
  const starts: HeapEntry<K>[] = [];
  for (let first = heap.peek(); first !== undefined; first = heap.peek()) {
    if (starts.length >= most) return { starts, truncated: true };
    starts.push(first);
    const upcoming = followers.get(first.key);
    if (upcoming !== undefined) take(first.key, upcoming);
  }
  return { starts, truncated: false };
}

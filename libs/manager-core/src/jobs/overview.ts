import {
  workerStates,
  type ApiAttention,
  type ApiOverview,
  type ApiRunSpan,
  type ApiWorker,
  type FileSystemFacts,
} from '@tunasync/protocol';
import type { JobEntry } from './job-entry.js';
import type { JobIndex } from './job-index.js';
import type { JobViews } from './job-views.js';
import { TopN } from './top-n.js';

/** What {@link overviewOf} needs. */
export interface OverviewParts {
  index: JobIndex;
  views: JobViews;
  /** How runs ended, as {@link ApiOverview.runs} has it. */
  runs: ApiRunSpan[];
}

const mostListed = 50;
const mostNext = 10;
/** A file system with less than this part of it free is nearly full. */
const lowShare = 0.05;

/**
 * The answer to "is anything wrong?".
 *
 * What keeps many mirrors from syncing comes first: lost workers (the longest lost first) and file systems that are
 * nearly full (less than 5 % free, or less than a mirror's `disk_quota` that waits for it; the fullest first). Then
 * come failed mirrors, by failures in a row and the age of the last success, and stale ones, also while they wait, by
 * that age.
 */
export function overviewOf({ index, views, runs }: OverviewParts): ApiOverview {
  const snapshot = views.snapshot();
  const failed = new TopN<JobEntry>(mostListed, worseFailure);
  const stale = new TopN<JobEntry>(mostListed, olderSuccess);
  const running = new TopN<JobEntry>(mostListed, earlierStart);
  const next = new TopN<JobEntry>(mostNext, earlierSchedule);
  const noRoom = new Map<string, string[]>();
  for (const entry of index.entries()) {
    const state = snapshot.stateOf(entry);
    const { worker, status } = entry.status;
    if (status === 'syncing' || status === 'pre-syncing') running.add(entry);
    else if (status === 'failed') failed.add(entry);
    else if (entry.isStale(snapshot.now)) stale.add(entry);
    const { nextSchedule } = entry.read;
    if (nextSchedule >= snapshot.now && isScheduled(status) && snapshot.workerState(worker) !== 'lost') {
      next.add(entry);
    }
    const wait = state === 'waiting' || status === 'failed' ? snapshot.waitOf(entry) : undefined;
    if (wait?.for !== 'disk') continue;
    const details = noRoom.get(worker);
    if (details === undefined) noRoom.set(worker, [wait.detail ?? '']);
    else details.push(wait.detail ?? '');
  }
  const workers = views.workers();
  const lost = workers.filter(({ state }) => state === 'lost').sort(byLastOnline);
  const disks = workers.flatMap((worker) => lowDisks(worker, noRoom.get(worker.id) ?? [])).sort(byShare);
  const attention: ApiAttention[] = [
    ...lost.map((worker) => ({ kind: 'worker-lost' as const, worker })),
    ...disks,
    ...failed.list.map((entry) => ({ kind: 'failed' as const, job: snapshot.jobOf(entry) })),
    ...stale.list.map((entry) => ({ kind: 'stale' as const, job: snapshot.jobOf(entry) })),
  ];
  return {
    states: views.states(),
    workers: countWorkers(workers),
    attention: attention.slice(0, mostListed),
    attention_total: lost.length + disks.length + failed.total + stale.total,
    running: running.list.map((entry) => snapshot.jobOf(entry)),
    running_total: running.total,
    next: next.list.map((entry) => snapshot.jobOf(entry)),
    runs,
  };
}

type DiskLow = Extract<ApiAttention, { kind: 'disk-low' }>;

/** The file systems of a worker that is there with too little room. @param noRoom - what jobs that wait for room say of it */
function lowDisks({ id, state, filesystems = [] }: ApiWorker, noRoom: readonly string[]): DiskLow[] {
  // what a lost one told last says nothing of now
  if (state !== 'online') return [];
  const waitedFor = new Set(noRoom.map((detail) => fileSystemOf(detail, filesystems)));
  return filesystems
    .filter((found) => shareOf(found) < lowShare || waitedFor.has(found))
    .map((filesystem) => ({ kind: 'disk-low' as const, worker: id, filesystem }));
}

/** The one with the longest path in front of a folder's. */
function fileSystemOf(folder: string, filesystems: readonly FileSystemFacts[]): FileSystemFacts | undefined {
  return filesystems
    .filter(({ path }) => folder.startsWith(path.endsWith('/') ? path : `${path}/`))
    .sort((one, other) => other.path.length - one.path.length)[0];
}

function shareOf({ free, total }: FileSystemFacts): number {
  return total === 0 ? 1 : free / total;
}

function countWorkers(workers: readonly ApiWorker[]): ApiOverview['workers'] {
  const counts = Object.fromEntries(workerStates.map((state) => [state, 0])) as ApiOverview['workers'];
  for (const { state } of workers) counts[state] += 1;
  return counts;
}

function isScheduled(status: JobEntry['status']['status']): boolean {
  return status === 'success' || status === 'failed' || status === 'none';
}

// each: less than zero when the first one is more important

function worseFailure(one: JobEntry, other: JobEntry): number {
  const failures = ({ status: { consecutive_failures = 0 } }: JobEntry): number => consecutive_failures;
  return failures(other) - failures(one) || olderSuccess(one, other);
}

/** A job that never succeeded has the oldest success of all. */
function olderSuccess(one: JobEntry, other: JobEntry): number {
  return one.read.lastUpdate - other.read.lastUpdate;
}

function earlierStart(one: JobEntry, other: JobEntry): number {
  return one.read.lastStarted - other.read.lastStarted;
}

function earlierSchedule(one: JobEntry, other: JobEntry): number {
  return one.read.nextSchedule - other.read.nextSchedule;
}

function byLastOnline(one: ApiWorker, other: ApiWorker): number {
  return one.last_online < other.last_online ? -1 : one.last_online > other.last_online ? 1 : 0;
}

function byShare(one: DiskLow, other: DiskLow): number {
  return shareOf(one.filesystem) - shareOf(other.filesystem);
}

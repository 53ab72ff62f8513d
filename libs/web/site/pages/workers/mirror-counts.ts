import type { ApiWorker, JobState } from '../../api/types.js';

/** How many mirrors of a worker are in a state, and which filter of the table shows them. */
export interface MirrorCount {
  readonly state: JobState;
  readonly count: number;
  /** Value of `state` in the table's address. */
  readonly filter: string;
}

/** Which states of pages the mirrors of a status are in; a good one may have got stale since. */
const shownAs = [
  ['failed', 'failed', 'failed'],
  ['syncing', 'syncing', 'syncing'],
  ['pre-syncing', 'waiting', 'waiting'],
  ['success', 'success', 'success,stale'],
  ['paused', 'paused', 'paused'],
  ['disabled', 'disabled', 'disabled'],
  ['none', 'none', 'none'],
] as const satisfies readonly (readonly [keyof ApiWorker['counts'], JobState, string])[];

/** The states of a worker's mirrors that there are, what needs somebody first. */
export function mirrorCounts({ counts }: Pick<ApiWorker, 'counts'>): MirrorCount[] {
  return shownAs
    .map(([status, state, filter]) => ({ state, count: counts[status], filter }))
    .filter(({ count }) => count > 0);
}

/** Runs that have a slot, and mirrors that wait to run: by the reports of the mirrors, which come sooner than heartbeats. */
export function slotUse({ counts }: Pick<ApiWorker, 'counts'>): { running: number; waiting: number } {
  return { running: counts.syncing, waiting: counts['pre-syncing'] };
}

/** Workers in the order in which they are shown: those that are lost, those with failures, the rest; by name. */
export function sortWorkers<W extends Pick<ApiWorker, 'id' | 'state' | 'counts'>>(
  workers: readonly W[],
): W[] {
  const rank = ({ state, counts }: W): number => (state === 'lost' ? 0 : counts.failed > 0 ? 1 : 2);
  return [...workers].sort((one, other) => rank(one) - rank(other) || one.id.localeCompare(other.id));
}

/** All mirrors of a worker. */
export function mirrorTotal({ counts }: Pick<ApiWorker, 'counts'>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

import type { ApiWorker, JobState } from '../../api/types.js';

/** The number of a worker's mirrors in a state, and the filter of the table that shows them. */
export interface MirrorCount {
  readonly state: JobState;
  readonly count: number;
  /** Value of `state` in the address of the table. */
  readonly filter: string;
}

/** Statuses with the states that pages show; a successful mirror may have become stale. */
const shownAs = [
  ['failed', 'failed', 'failed'],
  ['syncing', 'syncing', 'syncing'],
  ['pre-syncing', 'waiting', 'waiting'],
  ['success', 'success', 'success,stale'],
  ['paused', 'paused', 'paused'],
  ['disabled', 'disabled', 'disabled'],
  ['none', 'none', 'none'],
] as const satisfies readonly (readonly [keyof ApiWorker['counts'], JobState, string])[];

/** The states of a worker's mirrors with counts, those that need attention first. */
export function mirrorCounts({ counts }: Pick<ApiWorker, 'counts'>): MirrorCount[] {
  return shownAs
    .map(([status, state, filter]) => ({ state, count: counts[status], filter }))
    .filter(({ count }) => count > 0);
}

/** Used slots and waiting mirrors, by the reports of mirrors, which are more recent than heartbeats. */
export function slotUse({ counts }: Pick<ApiWorker, 'counts'>): { running: number; waiting: number } {
  return { running: counts.syncing, waiting: counts['pre-syncing'] };
}

/** Sorts workers for display: lost ones, those with failures, others; each by id. */
export function sortWorkers<W extends Pick<ApiWorker, 'id' | 'state' | 'counts'>>(
  workers: readonly W[],
): W[] {
  const rank = ({ state, counts }: W): number => (state === 'lost' ? 0 : counts.failed > 0 ? 1 : 2);
  return [...workers].sort((one, other) => rank(one) - rank(other) || one.id.localeCompare(other.id));
}

/** The number of a worker's mirrors. */
export function mirrorTotal({ counts }: Pick<ApiWorker, 'counts'>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

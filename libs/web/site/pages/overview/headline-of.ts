import type { ApiOverview } from '../../api/types.js';

/** How bad the worst is. */
export type Level = 'good' | 'warning' | 'bad' | 'empty';

/** Something that is said in the headline: a key of its words, and how many there are. */
export interface HeadlinePart {
  readonly key: 'failed' | 'lost' | 'stale' | 'disk';
  readonly count: number;
}

/** What the headline says. */
export type Headline =
  | { readonly level: 'empty'; readonly key: 'noWorkers' | 'noMirrors' }
  | { readonly level: 'good'; readonly key: 'fine' | 'unused'; readonly count: number }
  | { readonly level: 'warning' | 'bad'; readonly parts: readonly HeadlinePart[] };

/** The answer to "is anything wrong?": the worst first. Mirrors that somebody paused or disabled are not wrong. */
export function headlineOf({ states, workers, attention }: ApiOverview): Headline {
  const parts = (
    [
      { key: 'failed', count: states.failed },
      { key: 'lost', count: workers.lost },
      { key: 'stale', count: states.stale },
      { key: 'disk', count: attention.filter(({ kind }) => kind === 'disk-low').length },
    ] as const
  ).filter(({ count }) => count > 0);
  if (parts.length > 0) {
    const isBad = parts.some(({ key }) => key === 'failed' || key === 'lost');
    return { level: isBad ? 'bad' : 'warning', parts };
  }
  const total = Object.values(states).reduce((sum, count) => sum + count, 0);
  if (total === 0) {
    const known = Object.values(workers).reduce((sum, count) => sum + count, 0);
    return { level: 'empty', key: known === 0 ? 'noWorkers' : 'noMirrors' };
  }
  const used = total - states.paused - states.disabled;
  return used === 0
    ? { level: 'good', key: 'unused', count: total }
    : { level: 'good', key: 'fine', count: used };
}

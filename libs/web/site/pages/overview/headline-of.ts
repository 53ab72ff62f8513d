import type { ApiOverview } from '../../api/types.js';

/** Severity of the worst problem. */
export type Level = 'good' | 'warning' | 'bad' | 'empty';

/** A part of the headline: a key of its text, and a count. */
export interface HeadlinePart {
  readonly key: 'failed' | 'lost' | 'stale' | 'disk';
  readonly count: number;
}

/** Content of the headline. */
export type Headline =
  | { readonly level: 'empty'; readonly key: 'noWorkers' | 'noMirrors' }
  | { readonly level: 'good'; readonly key: 'fine' | 'unused'; readonly count: number }
  | { readonly level: 'warning' | 'bad'; readonly parts: readonly HeadlinePart[] };

/** The answer to "is anything wrong?", worst first. Paused and disabled mirrors are not problems. */
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

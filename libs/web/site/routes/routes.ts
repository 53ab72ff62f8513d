import { pathOf } from '../api/manager-root.js';
import type { JobKey } from '../api/types.js';

/** Paths of the pages, below `/ui`. */
export const pages = {
  overview: '/',
  mirrors: '/mirrors',
  workers: '/workers',
  timeline: '/timeline',
} as const;

/** Path of a mirror's page. @param tab - one of its tabs, by default the first */
export function mirrorPage({ worker, name }: JobKey, tab?: MirrorTab, query = ''): string {
  const search = new URLSearchParams(query);
  if (tab !== undefined && tab !== 'now') search.set('tab', tab);
  const text = search.toString();
  return pathOf('/mirrors/:worker/:name', { worker, name }) + (text === '' ? '' : `?${text}`);
}

/** Path of a worker on the page of workers. */
export function workerPage(id: string): string {
  return `${pages.workers}#${encodeURIComponent(id)}`;
}

/** Tabs of a mirror's page. */
export const mirrorTabs = ['now', 'runs', 'log', 'config'] as const;
/** A tab of a mirror's page. */
export type MirrorTab = (typeof mirrorTabs)[number];

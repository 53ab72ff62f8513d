import type { QueryClient } from '@tanstack/react-query';
import { queries } from '../api/queries.js';
import { jobCounts, jobsPage } from '../pages/mirrors/data/job-pages.js';
import { readView } from '../pages/mirrors/data/mirrors-view.js';
import { unescapePart } from '../routes/escapes.js';
import { lazyPart } from '../ui/lazy-part.js';

export const OverviewPage = lazyPart(async () => (await import('../pages/overview/page.js')).OverviewPage);
export const MirrorsPage = lazyPart(async () => (await import('../pages/mirrors/page.js')).MirrorsPage);
export const MirrorPage = lazyPart(async () => (await import('../pages/mirror/page.js')).MirrorPage);
export const WorkersPage = lazyPart(async () => (await import('../pages/workers/page.js')).WorkersPage);
export const TimelinePage = lazyPart(async () => (await import('../pages/timeline/page.js')).TimelinePage);

const parts = [OverviewPage, MirrorsPage, MirrorPage, WorkersPage, TimelinePage];

/**
 * Requests the script and the data of the page at an address at the same time. The page itself reports errors.
 *
 * @param path - below `/ui`, with its escapes
 */
export function startPage(client: QueryClient, path: string, search: string): void {
  const [, first = '', worker = '', name = ''] = path.split('/');
  if (first === '') start(OverviewPage, client.query(queries.overview()));
  else if (first === 'workers') start(WorkersPage, client.query(queries.workers()));
  else if (first === 'timeline') start(TimelinePage);
  else if (first === 'mirrors' && name === '') {
    const view = readView(search);
    start(
      MirrorsPage,
      client.query(jobsPage(view, 0)),
      client.query(jobCounts(view)),
      client.query(queries.workers()),
    );
  } else if (first === 'mirrors') {
    const key = { worker: unescapePart(worker), name: unescapePart(name) };
    start(MirrorPage, client.query(queries.job(key)));
  }
}

function start({ load }: (typeof parts)[number], ...asked: Promise<unknown>[]): void {
  for (const one of [load(), ...asked]) one.catch(nothing);
}

/** Milliseconds after which other pages are loaded in advance. */
const idleMs = 15_000;

/** Loads all pages in advance, so that an open tab can show them when the manager is unavailable. */
export function loadPagesLater(): void {
  setTimeout(() => {
    for (const part of parts) start(part);
  }, idleMs);
}

function nothing(): void {
  // the page requests it again when it renders
}

import { describe, expect, test } from '@jest/globals';
import type { ApiChanges, ApiJob } from '../site/api/types.js';
import { addChanges, countHeldBack, type Happened } from '../site/pages/mirrors/data/held-back.js';
import { compareJobs, fitsView, sortKey } from '../site/pages/mirrors/data/job-order.js';
import type { JobsPage } from '../site/pages/mirrors/data/job-pages.js';
import {
  isFiltered,
  queryOf,
  readView,
  toggleState,
  writeView,
  type MirrorsView,
} from '../site/pages/mirrors/data/mirrors-view.js';
import {
  allSelected,
  countSelected,
  isSelected,
  noSelection,
  patchSelection,
  rowsBetween,
  select,
  targetsOf,
} from '../site/pages/mirrors/selection/selection.js';
import { secondsBetween } from '../site/ui/format.js';

const zero = '0001-01-01T00:00:00Z';
const now = Date.parse('2026-11-24T12:00:00Z');

function job(name: string, more: Partial<ApiJob> = {}): ApiJob {
  return {
    name,
    worker: 'w1',
    is_master: true,
    status: 'success',
    state: 'success',
    worker_state: 'online',
    last_update: zero,
    last_started: zero,
    last_ended: zero,
    next_schedule: zero,
    upstream: `rsync://up.example.org/${name}/`,
    size: '1G',
    error_msg: '',
    ...more,
  };
}

const keyOf = ({ worker, name }: ApiJob): string => JSON.stringify([worker, name]);
const failed = { status: 'failed', state: 'failed' } as const;
const syncing = { status: 'syncing', state: 'syncing' } as const;
const view = (search = ''): MirrorsView => readView(search);
const changes = (some: Partial<ApiChanges>): ApiChanges =>
  ({
    jobs: [],
    removed: [],
    progress: [],
    workers: [],
    removed_workers: [],
    ...some,
  }) as unknown as ApiChanges;
const names = (jobs: readonly ApiJob[]): string[] => jobs.map(({ name }) => name);

describe('the address of the table', () => {
  test('contains the view, and is parsed to the same view', () => {
    const wanted: MirrorsView = {
      q: 'deb & co',
      states: ['failed', 'stale'],
      worker: 'tokyo/1',
      sort: 'size',
      order: 'desc',
    };
    const text = writeView(wanted);
    expect(text).toBe('q=deb+%26+co&state=failed,stale&worker=tokyo%2F1&sort=size&order=desc');
    expect(readView(`?${text}`)).toEqual(wanted);
    expect(queryOf(wanted)).toEqual({ ...wanted, states: undefined, state: 'failed,stale' });
  });

  test('is empty for defaults', () => {
    expect(writeView(view())).toBe('');
    expect(isFiltered(view('sort=name'))).toBe(false);
    expect(isFiltered(view('state=failed'))).toBe(true);
    expect(isFiltered(view('q=+'))).toBe(false);
  });

  test('may contain invalid values, which are ignored', () => {
    expect(readView('?state=success,nonsense,failed,failed&sort=colour&order=up&x=1')).toEqual({
      ...view(),
      states: ['failed', 'success'],
    });
    expect(readView(`?q=${'a'.repeat(500)}`).q).toHaveLength(200);
  });

  test('toggles a state, in the order of the chips', () => {
    expect(toggleState(['success'], 'failed')).toEqual(['failed', 'success']);
    expect(toggleState(['failed', 'success'], 'failed')).toEqual(['success']);
  });
});

describe('the order', () => {
  const inOrder = (jobs: ApiJob[], search: string): string[] =>
    names([...jobs].sort((one, other) => compareJobs(one, other, view(search), now)));

  test('by attention is: failed, running, overdue, other', () => {
    const jobs = [
      job('rest', { next_schedule: '2026-11-24T13:00:00Z' }),
      job('paused', { status: 'paused', state: 'paused', stale: true }),
      job('stale', { state: 'stale', stale: true }),
      job('overdue', { next_schedule: '2026-11-24T11:49:00Z' }),
      job('nearly', { next_schedule: '2026-11-24T11:51:00Z' }),
      job('runs', syncing),
      job('failed', failed),
    ];
    expect(inOrder(jobs, '')).toEqual(['failed', 'runs', 'overdue', 'stale', 'nearly', 'paused', 'rest']);
  });

  test('by size is numeric, with unknown sizes first, and by name among equal ones', () => {
    const jobs = [
      job('b'),
      job('a'),
      job('t', { size: '1.5T' }),
      job('m', { size: '900M' }),
      job('u', { size: 'unknown' }),
    ];
    expect(inOrder(jobs, 'sort=size')).toEqual(['u', 'm', 'a', 'b', 't']);
    expect(inOrder(jobs, 'sort=size&order=desc')).toEqual(['t', 'a', 'b', 'm', 'u']);
  });

  test('by time starts with mirrors that have none', () => {
    const late = job('a', { last_update: '2026-11-24T10:00:00+08:00' });
    expect(
      inOrder([late, job('b', { last_update: '2026-11-24T01:00:00Z' }), job('c')], 'sort=last_update'),
    ).toEqual(['c', 'b', 'a']);
    expect(sortKey(late, 'failures', now)).toBe(0);
  });

  test('and the filter use name, upstream, state and worker', () => {
    expect(fitsView(job('Debian'), view('q=DEB'))).toBe(true);
    expect(fitsView(job('Debian'), view('q=up.example'))).toBe(true);
    expect(fitsView(job('Debian'), view('q=ubuntu'))).toBe(false);
    expect(fitsView(job('Debian'), view('state=failed'))).toBe(false);
    expect(fitsView(job('Debian'), view('worker=w2'))).toBe(false);
  });
});

describe('held-back changes', () => {
  const page = (jobs: ApiJob[], loaded = jobs): JobsPage => ({ jobs, loaded }) as unknown as JobsPage;
  const held = (
    pages: JobsPage[],
    happened: Happened,
    { search = '', total = 3, expected }: { search?: string; total?: number; expected?: number } = {},
  ): number => countHeldBack({ pages, happened, view: view(search), total, expected, now });
  const happened = (some: Partial<ApiChanges>): Happened => addChanges(new Map(), changes(some));
  const [a, b, c] = [job('a'), job('b'), job('c')];

  test('do not include rows that change in place', () => {
    const patched = { ...b, size: '2G' };
    expect(held([page([a, patched, c], [a, b, c])], happened({ jobs: [patched] }))).toBe(0);
    expect(addChanges(new Map(), changes({}))).toEqual(new Map());
  });

  test('include rows that would move, until they are back in place', () => {
    const worse = { ...b, ...failed };
    expect(held([page([a, worse, c], [a, b, c])], happened({ jobs: [worse] }))).toBe(1);
    expect(held([page([a, { ...b }, c], [a, b, c])], happened({ jobs: [b] }))).toBe(0);
    expect(held([page([a, worse, c], [a, b, c])], happened({ jobs: [worse] }), { search: 'sort=name' })).toBe(
      0,
    );
  });

  test('include removed rows and those that no longer match the filter', () => {
    const better = job('b');
    const before = [job('a', failed), job('b', failed)];
    const pages = [page([before[0]!, better], before)];
    expect(held(pages, happened({ jobs: [better] }), { search: 'state=failed&sort=name', total: 2 })).toBe(1);
    expect(held([page([a, b, c])], happened({ removed: [{ worker: 'w1', name: 'c' }] }))).toBe(1);
    expect(held([page([a, b, c])], happened({ removed: [{ worker: 'w2', name: 'c' }] }))).toBe(0);
  });

  test('include new rows between those that are loaded', () => {
    const more = { search: 'sort=name', total: 10_000 };
    expect(held([page([a, c])], happened({ jobs: [b] }), more)).toBe(1);
    expect(held([page([a, c])], happened({ jobs: [job('x')] }), more)).toBe(0);
    // all rows are loaded, and this one is not among them
    expect(held([page([a, c])], happened({ jobs: [job('x')] }), { search: 'sort=name', total: 2 })).toBe(1);
  });

  test('include the difference in the number of rows', () => {
    expect(held([page([a, b, c])], new Map(), { expected: 8 })).toBe(5);
    expect(held([page([a, b, c])], new Map(), { expected: 3 })).toBe(0);
  });
});

describe('a selection', () => {
  const [a, b, c] = [job('a'), job('b', syncing), job('c', { status: 'disabled', state: 'disabled' })];

  test('adds and removes rows', () => {
    const two = select(noSelection, [a, b], true);
    expect([countSelected(two, 10), isSelected(two, keyOf(a)), isSelected(two, keyOf(c))]).toEqual([
      2,
      true,
      false,
    ]);
    expect(countSelected(select(two, [a], false), 10)).toBe(1);
  });

  test('of all matching mirrors excludes single ones', () => {
    const some = select(allSelected, [a], false);
    expect([countSelected(some, 10_000), isSelected(some, keyOf(a)), isSelected(some, keyOf(b))]).toEqual([
      9999,
      false,
      true,
    ]);
    expect(countSelected(select(some, [a], true), 10_000)).toBe(10_000);
  });

  test('keeps its mirrors up to date', () => {
    const before = select(noSelection, [a, b], true);
    const progress = { worker: 'w1', name: 'b', percent: 64 };
    const after = patchSelection(
      before,
      changes({
        jobs: [{ ...a, ...failed }],
        progress: [progress],
        removed: [{ worker: 'w1', name: 'x' }],
      }),
    );
    expect(
      after.kind === 'some' && [...after.jobs.values()].map(({ status, progress }) => [status, progress]),
    ).toEqual([
      ['failed', undefined],
      ['syncing', { percent: 64 }],
    ]);
    expect(
      countSelected(patchSelection(after, changes({ removed: [{ worker: 'w1', name: 'a' }] })), 10),
    ).toBe(1);
    expect(patchSelection(before, changes({ jobs: [c] }))).toBe(before);
  });

  test('of a range takes the rows between, in either direction', async () => {
    const rows = [a, b, c];
    const jobAt = (index: number): ApiJob | undefined => rows[index];
    const asked: [number, number][] = [];
    const ask = (first: number, last: number): Promise<ApiJob[]> => {
      asked.push([first, last]);
      return Promise.resolve([a, b, c, job('d')]);
    };
    expect(names(await rowsBetween(2, 1, jobAt, ask))).toEqual(['b', 'c']);
    expect(asked).toEqual([]);
    expect(names(await rowsBetween(0, 3, jobAt, ask))).toEqual(['a', 'b', 'c', 'd']);
    expect(asked).toEqual([[0, 3]]);
  });

  test('limits an action to mirrors that it applies to: a start enables none', () => {
    const all = [a, b, c, job('p', { status: 'paused', state: 'paused' })];
    const meant = (action: Parameters<typeof targetsOf>[0]): string[] => names(targetsOf(action, all));
    expect(meant('start')).toEqual(['a', 'p']);
    expect(meant('stop')).toEqual(['a', 'b']);
    expect(meant('restart')).toEqual(['a', 'b', 'p']);
    expect(meant('disable')).toEqual(['a', 'b', 'p']);
    expect(meant('enable')).toEqual(['c']);
  });
});

test('the duration is that of the last run that ended', () => {
  const end = '2026-11-24T11:30:00Z';
  expect(secondsBetween('2026-11-24T10:00:00Z', end)).toBe(5400);
  expect(secondsBetween(zero, end)).toBeUndefined();
  expect(secondsBetween('2026-11-24T12:00:00Z', end)).toBeUndefined();
});

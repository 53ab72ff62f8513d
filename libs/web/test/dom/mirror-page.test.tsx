/** @jest-environment ./test/dom/environment.js */
import { afterEach, describe, expect, test } from '@jest/globals';
import { act, screen, waitFor, within } from '@testing-library/react';
import type { ApiJob } from '../../site/api/types.js';
import { refusal, type FakeManager } from './fake-manager.js';
import { disabled, failed, makeJob, makeRun, makeWorker, minutesAgo, paused, syncing } from './fixtures.js';
import { closePages, openPage, type OpenPage } from './open-page.js';

afterEach(closePages);

const plan = {
  provider: 'rsync',
  attempt: 2,
  attempts: 3,
  schedule: { kind: 'interval', minutes: 240 },
  upcoming: [minutesAgo(-60), minutesAgo(-300)],
};

async function openMirror(
  more: Partial<ApiJob> = {},
  path = '',
  prepare: (manager: FakeManager) => void = () => undefined,
): Promise<OpenPage> {
  const page = await openPage(`/mirrors/alpha/debian${path}`, {
    prepare: (manager) => {
      manager.workers = [makeWorker('alpha', { last_online: minutesAgo(12) })];
      manager.jobs = [makeJob('debian', more)];
      manager.on('GET', /\/plan$/, () => plan);
      prepare(manager);
    },
  });
  await screen.findByRole('tab', { name: 'Now' });
  return page;
}

const facts = (): Record<string, string> =>
  Object.fromEntries(
    [...document.querySelectorAll('dt')].map((term) => [
      term.textContent,
      term.nextElementSibling?.textContent ?? '',
    ]),
  );

describe('the page of a mirror', () => {
  test('shows the name, state, worker and upstream', async () => {
    await openMirror();
    expect(screen.getByRole('heading', { level: 1 }).textContent).toBe('debian');
    expect(screen.getByText('rsync://upstream.example.org/debian/')).toBeDefined();
    expect(screen.getByRole('link', { name: 'alpha' }).getAttribute('href')).toBe('/ui/workers#alpha');
    await waitFor(() => {
      expect(document.title).toBe('success · debian · tunasync');
    });
  });

  test('offers a search if the worker has no such mirror', async () => {
    await openPage('/mirrors/alpha/no%2Fsuch', { prepare: () => undefined });
    expect(await screen.findByText('Worker alpha has no mirror no/such.')).toBeDefined();
    expect(screen.getByRole('link', { name: 'Find mirrors named no/such' }).getAttribute('href')).toBe(
      '/ui/mirrors?q=no%2Fsuch',
    );
  });

  test('shows why it could not be loaded, and retries', async () => {
    const { user, manager } = await openPage('/mirrors/alpha/debian', {
      prepare: (manager) => {
        manager.on('GET', /^\/api\/jobs\/alpha\/debian$/, () => refusal(403, 'not from here'));
      },
    });
    const alert = await screen.findByRole('alert');
    expect(alert.textContent).toContain('Loading failed: not from here');
    manager.on('GET', /^\/api\/jobs\/alpha\/debian$/, () => makeJob('debian'));
    await user.click(within(alert).getByRole('button', { name: 'Try again' }));
    expect(await screen.findByRole('tab', { name: 'Now' })).toBeDefined();
  });

  test('follows its mirror, and says when it is removed', async () => {
    const { manager } = await openMirror();
    await screen.findByText('live');
    act(() => {
      manager.change({ jobs: [makeJob('debian', syncing)] });
    });
    expect(await screen.findByRole('button', { name: 'Restart' })).toBeDefined();
    act(() => {
      manager.change({ removed: [{ worker: 'alpha', name: 'debian' }] });
    });
    expect(await screen.findByText('Worker alpha has no mirror debian.')).toBeDefined();
  });
});

describe('a reason for not running', () => {
  test.each<[string, Partial<ApiJob>, RegExp]>([
    ['a stop', paused, /^Stopped/],
    ['being disabled', disabled, /^Disabled/],
    ['its hooks', { status: 'pre-syncing', state: 'waiting' }, /^Preparing:/],
    [
      'its upstream',
      { status: 'pre-syncing', state: 'waiting', waits: { for: 'upstream', detail: 'up.example.org' } },
      /^Waiting for its upstream: up\.example\.org/,
    ],
    [
      'a blackout',
      {
        status: 'pre-syncing',
        state: 'waiting',
        waits: { for: 'blackout', until: Date.now() / 1000 + 3700 },
      },
      /^Waiting for the end of a blackout until \d\d:\d\d, in 1 hour/,
    ],
    ['a lost worker', { worker_state: 'lost' }, /^Worker alpha is lost\. It was last seen 12 minutes ago/],
    ['an old worker', { worker_state: 'unknown' }, /^Worker alpha sends no heartbeats/],
  ])('is shown: %s', async (_, more, words) => {
    await openMirror(more);
    expect(await screen.findByText(words)).toBeDefined();
  });
});

describe('a failure', () => {
  const started = minutesAgo(70);
  const job = {
    ...failed,
    last_started: started,
    consecutive_failures: 3,
    last_update: minutesAgo(3000),
  };

  test('is explained in plain words, with its log', async () => {
    await openMirror(job, '', (manager) => {
      manager.on('GET', /\/history$/, () => [
        makeRun('r1', {
          started,
          result: 'failed',
          reason: 'exit-code',
          exit_code: 23,
          attempts: 2,
          error_msg: 'rsync error: some files could not be transferred (code 23)',
        }),
      ]);
    });
    const banner = await screen.findByRole('region', { name: /The last run failed/ });
    await waitFor(() => {
      expect(banner.textContent).toContain('after 2 attempts');
    });
    expect(banner.textContent).toContain('3 failures in a row');
    expect(banner.textContent).toContain('Last success 2 days ago');
    expect(within(banner).getByRole('link', { name: 'Open log' }).getAttribute('href')).toBe(
      '/ui/mirrors/alpha/debian?log=r1.log&tab=log',
    );
  });

  test('comes from the status if the worker keeps no records', async () => {
    await openMirror({ ...job, error_msg: 'exit status 5' });
    const banner = await screen.findByRole('region', { name: /The last run failed/ });
    expect(banner.textContent).toContain('exit code 5');
  });

  test('is shown in short while another run is in progress', async () => {
    await openMirror({ ...syncing, last_started: minutesAgo(1) }, '', (manager) => {
      manager.on('GET', /\/history$/, () => [makeRun('r1', { result: 'failed', reason: 'timeout' })]);
    });
    const banner = await screen.findByRole('region', { name: /The last run failed/ });
    expect(banner.textContent).toContain('Another run is in progress.');
  });
});

describe('the tab for the current state', () => {
  test('shows progress, attempt and what comes next', async () => {
    await openMirror({
      ...syncing,
      last_started: minutesAgo(192),
      progress: { percent: 64.4, bytes: 1_073_741_824, rate: 1_048_576, eta: 600, files: 1234 },
    });
    const bar = await screen.findByRole('progressbar', { name: 'debian' });
    expect(bar.getAttribute('aria-valuenow')).toBe('64.4');
    await waitFor(() => {
      expect(facts().Attempt).toBe('2 of 3');
    });
    expect(facts()).toMatchObject({
      Elapsed: '3 h 12 min',
      Files: '1,234',
      'Next run': 'after this one',
      Rule: 'every 4 h, counted from the end of a run',
      Provider: 'rsync',
    });
    expect(screen.getByText('64 % · 1 GiB · 1 MiB/s · 10 min left')).toBeDefined();
    const upcoming = screen.getByRole('region', { name: 'Upcoming runs' });
    expect(within(upcoming).getAllByRole('listitem')).toHaveLength(2);
  });

  test('shows the last results of an idle mirror', async () => {
    await openMirror({ last_transferred_bytes: 5_242_880, total_transferred_bytes: 1_073_741_824 });
    await screen.findByText('Last results');
    expect(facts()).toMatchObject({
      'Last duration': '10 min',
      Size: '1.5 GiB',
      'Last transfer': '5 MiB',
      'Total transferred': '1 GiB',
      'Failures in a row': '0',
    });
  });

  test('says that an old worker reports no plans', async () => {
    await openMirror({}, '', (manager) => {
      manager.on('GET', /\/plan$/, () => refusal(501, 'too old'));
    });
    expect(await screen.findByText(/Worker alpha runs a version, such as v0\.10/)).toBeDefined();
  });

  test('retries a plan that could not be loaded', async () => {
    const { user, manager } = await openMirror({}, '', (manager) => {
      manager.on('GET', /\/plan$/, () => refusal(400, 'not now'));
    });
    await screen.findByText(/Loading failed: not now/);
    manager.on('GET', /\/plan$/, () => plan);
    await user.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await screen.findByRole('region', { name: 'Upcoming runs' })).toBeDefined();
  });
});

describe('the tab for runs', () => {
  const runs = (count: number) =>
    Array.from({ length: count }, (_, index) =>
      makeRun(`r${index}`, {
        started: minutesAgo(70 + 60 * index),
        ended: minutesAgo(60 + 60 * index),
        ...(index === 1 && { result: 'failed', reason: 'timeout', attempts: 3, exit_code: undefined }),
        ...(index === 2 && { result: 'killed', reason: 'killed', log_file: '' }),
      }),
    );
  const table = (): Promise<HTMLElement> => screen.findByRole('table', { name: 'Runs, newest first' });

  test('lists runs with result, duration and reason; each opens its log', async () => {
    const { user } = await openMirror({}, '?tab=runs', (manager) => {
      manager.on('GET', /\/history$/, () => runs(3));
    });
    const rows = within(await table())
      .getAllByRole('row')
      .slice(1);
    const cells = rows.map((row) =>
      within(row)
        .getAllByRole('cell')
        .map(({ textContent }) => textContent),
    );
    expect(cells.map(([result]) => result)).toEqual(['success', 'failed', 'stopped']);
    expect(cells[1]?.[2]).toBe('10 min');
    expect(cells[1]?.[6]).toBe('3');
    expect(cells[1]?.[7]).toBe('it exceeded its time limit');
    expect(within(rows[2]!).queryByRole('link')).toBeNull();
    expect(
      screen.getByText(/^3 runs · 1 success · 1 failed · 1 stopped · median duration 10 min/),
    ).toBeDefined();
    await user.click(within(rows[1]!).getByRole('link'));
    expect(location.search).toBe('?log=r1.log&tab=log');
  });

  test('shows more rows on demand, and as many runs as chosen', async () => {
    const { user, manager } = await openMirror({}, '?tab=runs', (manager) => {
      manager.on('GET', /\/history$/, ({ query }) => runs(Math.min(130, Number(query.get('limit')))));
    });
    expect(within(await table()).getAllByRole('row')).toHaveLength(51);
    await user.click(screen.getByRole('radio', { name: 'Newest 200' }));
    await user.click(await screen.findByRole('button', { name: 'Show 50 more' }));
    await user.click(await screen.findByRole('button', { name: 'Show 30 more' }));
    expect(within(await table()).getAllByRole('row')).toHaveLength(131);
    expect(location.search).toBe('?tab=runs&range=200');
    expect(manager.paths()).toContain('/jobs/debian/history?worker=alpha&limit=200');
  });

  test.each([
    ['has not run', {}, 'No runs have been recorded yet.', { last_ended: '0001-01-01T00:00:00Z' }],
    ['has no records', {}, /report only the result of the last run/, {}],
  ])('says that a mirror %s', async (_, __, words, more) => {
    await openMirror(more, '?tab=runs');
    expect(await screen.findByText(words)).toBeDefined();
  });
});

describe('the tab for the configuration', () => {
  const settings = [
    { key: 'provider', value: '"rsync"', source: 'mirror', file: '/etc/tunasync/worker.conf', line: 12 },
    { key: 'interval', value: '240', source: 'global', file: '/etc/tunasync/worker.conf', line: 3 },
    { key: 'retry', value: '2', source: 'default' },
    { key: 'env.PASSWORD', value: '"***"', source: 'parent', masked: true },
  ];
  const open = (): Promise<OpenPage> =>
    openMirror({}, '?tab=config', (manager) => {
      manager.on('GET', /\/config$/, () => ({ settings }));
    });
  const keys = (): (string | null)[] =>
    screen.getAllByRole('rowheader').map(({ textContent }) => textContent);

  test('shows each setting with its source', async () => {
    await open();
    const table = await screen.findByRole('table');
    const rows = within(table).getAllByRole('row').slice(1);
    expect(rows.map(({ textContent }) => textContent)).toEqual([
      'provider"rsync"this mirrorworker.conf:12',
      'interval240[global]worker.conf:3',
      'retry2default',
      'env.PASSWORD"***"parent mirror',
    ]);
    expect(within(rows[3]!).getByRole('img', { name: 'Secret, not shown' })).toBeDefined();
  });

  test('filters by text, and hides defaults', async () => {
    const { user } = await open();
    await screen.findByRole('table');
    await user.click(screen.getByRole('switch', { name: 'Only non-default values' }));
    expect(keys()).toEqual(['provider', 'interval', 'env.PASSWORD']);
    expect(screen.getByText('3 of 4 settings')).toBeDefined();
    await user.type(screen.getByRole('searchbox', { name: 'Filter' }), 'inter');
    expect(keys()).toEqual(['interval']);
    await user.type(screen.getByRole('searchbox', { name: 'Filter' }), 'xyz');
    expect(screen.getByText('No matching settings.')).toBeDefined();
  });

  test('copies settings as text', async () => {
    const { user } = await open();
    await screen.findByRole('table');
    await user.type(screen.getByRole('searchbox', { name: 'Filter' }), 'interval');
    Object.assign(document, { execCommand: () => true });
    await user.click(screen.getByRole('button', { name: 'Copy as text' }));
    expect(await screen.findByRole('button', { name: 'Copied' })).toBeDefined();
  });

  test('says that an old worker reports no configuration', async () => {
    await openMirror({}, '?tab=config');
    expect(await screen.findByText(/does not report its configuration/)).toBeDefined();
  });
});

test('tabs are selected by keys, and are in the address', async () => {
  const { user } = await openMirror();
  act(() => {
    screen.getByRole('tab', { name: 'Now' }).focus();
  });
  await user.keyboard('{ArrowRight}');
  expect(screen.getByRole('tab', { selected: true }).textContent).toBe('Runs');
  expect(location.search).toBe('?tab=runs');
  await user.keyboard('{End}{Enter}');
  await waitFor(() => {
    expect(location.search).toBe('?tab=config');
  });
  await user.keyboard('{Home}{Enter}');
  await waitFor(() => {
    expect(location.search).toBe('');
  });
});

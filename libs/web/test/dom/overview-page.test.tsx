/** @jest-environment ./test/dom/environment.js */
import { afterEach, describe, expect, test } from '@jest/globals';
import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { refusal, type FakeManager } from './fake-manager.js';
import { failed, makeJob, makeWorker, minutesAgo, syncing } from './fixtures.js';
import { closePages, openPage, type OpenPage } from './open-page.js';

afterEach(closePages);

const busy = (manager: FakeManager): void => {
  manager.workers = [makeWorker('alpha'), makeWorker('beta', { state: 'lost' })];
  manager.jobs = [
    makeJob('broken', { ...failed, consecutive_failures: 4, last_update: minutesAgo(600) }),
    makeJob('old', { state: 'stale' }),
    makeJob('big', {
      ...syncing,
      last_started: minutesAgo(5),
      progress: { percent: 42.9, rate: 2_097_152, eta: 65 },
    }),
    makeJob('idle', { next_schedule: minutesAgo(-30) }),
  ];
  const [, beta] = manager.workers;
  const [broken, old] = manager.jobs;
  if (beta === undefined || broken === undefined || old === undefined) return;
  manager.overview = {
    attention: [
      { kind: 'failed', job: broken },
      { kind: 'worker-lost', worker: beta },
      {
        kind: 'disk-low',
        worker: 'alpha',
        filesystem: { path: '/srv', total: 1_099_511_627_776, free: 10_995_116_278 },
      },
      { kind: 'stale', job: old },
    ],
    attention_total: 4,
  };
};

const region = (name: string): Promise<HTMLElement> => screen.findByRole('region', { name });

async function openOverview(prepare = busy): Promise<OpenPage> {
  const page = await openPage('/', { prepare });
  await waitFor(() => {
    expect(screen.getByRole('heading', { level: 1 }).textContent).not.toBe('Loading …');
  });
  return page;
}

describe('the overview', () => {
  test('names all problems, the worst first', async () => {
    await openOverview();
    expect(screen.getByRole('heading', { level: 1 }).textContent).toBe(
      '1 mirror failed, 1 worker is lost, 1 mirror is stale, 1 disk is nearly full',
    );
    expect(screen.getByRole('link', { name: '1 worker online · 1 lost' })).toBeDefined();
  });

  test('says that all is well', async () => {
    await openOverview((manager) => {
      manager.workers = [makeWorker('alpha')];
      manager.jobs = [makeJob('a'), makeJob('b')];
    });
    expect(screen.getByRole('heading', { level: 1 }).textContent).toBe('All 2 mirrors are fine');
    expect(within(await region('Needs attention')).getByText('Nothing needs attention.')).toBeDefined();
    expect(within(await region('Running now')).getByText('Nothing is running.')).toBeDefined();
  });

  test('says how to connect the first worker', async () => {
    await openOverview(() => undefined);
    expect(screen.getByRole('heading', { level: 1 }).textContent).toBe('No worker has registered yet');
    expect(await screen.findByRole('heading', { name: 'Connect the first worker' })).toBeDefined();
  });

  test('links each count of a state to the table', async () => {
    await openOverview();
    const strip = screen.getByRole('navigation', { name: 'Mirrors by state' });
    const links = within(strip)
      .getAllByRole('link')
      .map((link) => `${link.textContent} ${link.getAttribute('href') ?? ''}`);
    expect(links).toContain('1 failed /ui/mirrors?state=failed');
    expect(links).toContain('1 syncing /ui/mirrors?state=syncing');
    expect(links).toHaveLength(8);
  });

  test('shows the reason, the time and helpful actions for each problem', async () => {
    await openOverview();
    const list = within(await region('Needs attention')).getAllByRole('listitem');
    expect(list.map(({ textContent }) => textContent)).toEqual([
      'failedbrokenalphaexit status 234 failures in a rowlast success 10 hours agoStartLog',
      expect.stringContaining('lostbeta'),
      expect.stringContaining('10.2 GiB of 1 TiB free (1%)'),
      expect.stringContaining('staleoldalpha'),
    ]);
    const [broken, lost] = list as [HTMLElement, HTMLElement];
    expect(within(broken).getByRole('link', { name: 'Log of broken' }).getAttribute('href')).toBe(
      '/ui/mirrors/alpha/broken?tab=log',
    );
    expect(within(lost).getByRole('link', { name: 'Open worker beta' }).getAttribute('href')).toBe(
      '/ui/workers#beta',
    );
  });

  test('starts a failed mirror from its row', async () => {
    const { user, manager } = await openOverview();
    const [broken] = within(await region('Needs attention')).getAllByRole('listitem') as [HTMLElement];
    await user.click(within(broken).getByRole('button', { name: 'Start' }));
    expect(await screen.findByText('Start broken: OK')).toBeDefined();
    expect(manager.paths('POST')).toEqual(['/api/commands']);
  });

  test('shows the progress of each running sync', async () => {
    await openOverview();
    const running = await region('Running now');
    expect(within(running).getByRole('progressbar', { name: 'big' }).getAttribute('aria-valuenow')).toBe(
      '42.9',
    );
    expect(running.textContent).toContain('42 %');
    expect(running.textContent).toContain('2 MiB/s');
    expect(running.textContent).toContain('5 min');
    expect(within(running).getByRole('button', { name: 'Stop' })).toBeDefined();
  });

  test('shows the runs of the last day as one tab stop with arrow keys', async () => {
    const { user } = await openOverview();
    const strip = within(await region('Last 24 hours')).getByRole('list');
    const bars = within(strip).getAllByRole('link');
    expect(bars).toHaveLength(48);
    expect(bars.filter((bar) => bar.tabIndex === 0)).toEqual([bars[47]]);
    expect(bars[40]?.getAttribute('aria-label')).toMatch(/: 1 succeeded, 2 failed$/);
    act(() => {
      bars[47]?.focus();
    });
    await user.keyboard('{Home}');
    expect(document.activeElement).toBe(bars[0]);
    await user.keyboard('{ArrowRight}');
    expect(document.activeElement).toBe(bars[1]);
    expect(bars[1]?.getAttribute('href')).toMatch(/^\/ui\/timeline\?hours=48&at=/);
  });

  test('applies changes, and requests its summaries again', async () => {
    const { manager } = await openOverview();
    await screen.findByText('live');
    manager.overview = {};
    act(() => {
      manager.change({ jobs: [makeJob('broken')] });
    });
    await waitFor(async () => {
      expect((await region('Needs attention')).textContent).not.toContain('broken');
    });
    await waitFor(() => {
      expect(screen.getByRole('heading', { level: 1 }).textContent).toBe(
        '1 worker is lost, 1 mirror is stale',
      );
    });
  });

  test('holds its list while the pointer is on it: rows that left are marked, new ones come last', async () => {
    const { manager } = await openOverview((manager) => {
      manager.workers = [makeWorker('alpha')];
      manager.jobs = [makeJob('b', failed), makeJob('c', failed)];
    });
    await screen.findByText('live');
    const list = within(await region('Needs attention')).getByRole('list');
    const rows = (): (string | null)[] =>
      [...list.querySelectorAll('li')].map(
        (row) => `${row.querySelector('a')?.textContent ?? ''}${row.dataset.gone === 'true' ? ' gone' : ''}`,
      );
    expect(rows()).toEqual(['b', 'c']);
    // jsdom has no pointer events of its own
    const over = (type: string): void => {
      fireEvent(list, Object.assign(new Event(type, { bubbles: true }), { pointerType: 'mouse' }));
    };
    over('pointerover');
    act(() => {
      manager.change({ jobs: [makeJob('b'), makeJob('a', failed)] });
    });
    await waitFor(() => {
      expect(rows()).toEqual(['b gone', 'c', 'a']);
    });
    over('pointerout');
    await waitFor(() => {
      expect(rows()).toEqual(['c', 'a']);
    });
  });

  test('shows why it could not be loaded, and retries', async () => {
    const { user, manager } = await openPage('/', {
      prepare: (manager) => {
        manager.on('GET', /^\/api\/overview$/, () => refusal(400, 'the store is closed'));
      },
    });
    expect((await screen.findByRole('alert')).textContent).toContain('the store is closed');
    manager.on('GET', /^\/api\/overview$/, () => new Promise(() => undefined));
    await user.click(screen.getByRole('button', { name: 'Try again' }));
  });
});

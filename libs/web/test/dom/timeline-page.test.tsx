/** @jest-environment ./test/dom/environment.js */
import { afterEach, describe, expect, test } from '@jest/globals';
import { act, screen, waitFor, within } from '@testing-library/react';
import { refusal, type FakeManager } from './fake-manager.js';
import { makeWorker, minutesAgo } from './fixtures.js';
import { closePages, openPage, type OpenPage } from './open-page.js';

afterEach(closePages);

const timeline = () => ({
  now: minutesAgo(0),
  from: minutesAgo(720),
  to: minutesAgo(-720),
  past: [
    {
      id: 'r1',
      worker: 'alpha',
      name: 'debian',
      started: minutesAgo(300),
      ended: minutesAgo(240),
      result: 'success',
    },
    {
      id: 'r2',
      worker: 'alpha',
      name: 'ubuntu',
      started: minutesAgo(120),
      ended: minutesAgo(100),
      result: 'failed',
    },
  ],
  running: [{ worker: 'alpha', name: 'centos', started: minutesAgo(30), eta: 600 }],
  planned: [
    { worker: 'alpha', name: 'debian', start: minutesAgo(-60), seconds: 3600 },
    { worker: 'alpha', name: 'ubuntu', start: minutesAgo(-61) },
  ],
  truncated: false,
  unplanned: [],
});

async function openTimeline(
  path = '/timeline',
  prepare: (manager: FakeManager) => void = () => undefined,
): Promise<OpenPage> {
  const page = await openPage(path, {
    prepare: (manager) => {
      manager.workers = [makeWorker('alpha', { slots: 1 }), makeWorker('beta')];
      manager.on('GET', /^\/api\/timeline$/, timeline);
      prepare(manager);
    },
  });
  await screen.findByRole('heading', { level: 1, name: 'Timeline' });
  return page;
}

describe('the timeline', () => {
  test('has a lane for each worker with a description in words', async () => {
    await openTimeline();
    const lane = await screen.findByRole('region', { name: 'alpha' });
    expect(within(lane).getByText('1 slot')).toBeDefined();
    expect(within(lane).getByText(/^pile-up at \d\d:\d\d: 2 at once, slots: 1$/)).toBeDefined();
    expect(within(lane).getByRole('application').getAttribute('aria-label')).toMatch(
      /^Runs of alpha: 2 finished, 1 of them failed, 1 running, 2 planned\./,
    );
  });

  test('moves from run to run by keys, and opens the mirror', async () => {
    const { user } = await openTimeline();
    const lane = await screen.findByRole('region', { name: 'alpha' });
    act(() => {
      within(lane).getByRole('application').focus();
    });
    await user.keyboard('{Home}');
    await waitFor(() => {
      expect(lane.textContent).toContain('debian');
    });
    await user.keyboard('{ArrowRight}');
    await waitFor(() => {
      expect(lane.textContent).toContain('ubuntu');
    });
    await user.keyboard('{Enter}');
    expect(location.pathname + location.search).toBe('/ui/mirrors/alpha/ubuntu?tab=runs');
  });

  test('can be shown as a list of the same runs', async () => {
    const { user } = await openTimeline();
    await user.click(screen.getByRole('switch', { name: 'Show as list' }));
    expect(location.search).toBe('?view=list');
    const rows = (name: string): Promise<(string | null)[]> =>
      screen.findByRole('region', { name }).then((group) =>
        within(group)
          .getAllByRole('link')
          .map(({ textContent }) => textContent),
      );
    expect(await rows('Running')).toEqual(['centos']);
    expect(await rows('Planned')).toEqual(['debian', 'ubuntu']);
    expect(await rows('Finished')).toEqual(['ubuntu', 'debian']);
    const planned = await screen.findByRole('region', { name: 'Planned' });
    expect(planned.textContent).toContain('about 1 h');
    expect(planned.textContent).toContain('duration unknown');
  });

  test('shows the chosen hours and worker, and keeps them in the address', async () => {
    const { user, manager } = await openTimeline();
    await user.click(screen.getByRole('radio', { name: '48 h' }));
    await user.selectOptions(screen.getByRole('combobox', { name: 'Worker' }), 'alpha');
    await waitFor(() => {
      expect(manager.paths()).toContain('/api/timeline?past=24&future=24&worker=alpha');
    });
    expect(location.search).toBe('?hours=48&worker=alpha');
  });

  test('reports omitted runs and missing plans', async () => {
    await openTimeline('/timeline', (manager) => {
      manager.on('GET', /^\/api\/timeline$/, () => ({ ...timeline(), truncated: true, unplanned: ['beta'] }));
    });
    expect(await screen.findByText(/^There are too many runs/)).toBeDefined();
    expect(screen.getByText(/are not available: beta\./)).toBeDefined();
  });

  test('says that there are no runs, and why it could not be loaded', async () => {
    const { user, manager } = await openTimeline('/timeline', (manager) => {
      manager.on('GET', /^\/api\/timeline$/, () => refusal(400, 'not now'));
    });
    expect((await screen.findByRole('alert')).textContent).toContain('not now');
    manager.on('GET', /^\/api\/timeline$/, () => ({ ...timeline(), past: [], running: [], planned: [] }));
    await user.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await screen.findByText('No past or planned runs in these hours.')).toBeDefined();
  });
});

/** @jest-environment ./test/dom/environment.js */
import { afterEach, describe, expect, test } from '@jest/globals';
import { act, screen, waitFor, within } from '@testing-library/react';
import { refusal, type FakeManager } from './fake-manager.js';
import { countsOf, failed, makeJob, makeWorker, minutesAgo, syncing } from './fixtures.js';
import { closePages, openPage, type OpenPage } from './open-page.js';

afterEach(closePages);

const counts = (...jobs: ReturnType<typeof makeJob>[]) =>
  countsOf(jobs, 'status') as ReturnType<typeof makeWorker>['counts'];

const three = (manager: FakeManager): void => {
  manager.workers = [
    makeWorker('alpha', {
      running: 1,
      queued: 1,
      outbox: 7,
      counts: counts(
        makeJob('a'),
        makeJob('b', failed),
        makeJob('c', syncing),
        makeJob('d', { status: 'pre-syncing' }),
      ),
      filesystems: [{ path: '/srv', total: 1_099_511_627_776, free: 10_995_116_278 }],
    }),
    makeWorker('beta', { state: 'lost', last_online: minutesAgo(12) }),
    // a worker of tunasync v0.10
    {
      id: 'gamma',
      url: 'https://gamma.example.org/',
      state: 'unknown',
      last_online: minutesAgo(1),
      last_register: minutesAgo(1),
      counts: counts(),
    },
  ];
};

const card = (name: string): Promise<HTMLElement> => screen.findByRole('region', { name });

async function openWorkers(path = '/workers', prepare = three): Promise<OpenPage> {
  const page = await openPage(path, { prepare });
  await card('alpha');
  return page;
}

describe('the workers', () => {
  test('are shown with slots, waiting jobs, mirrors, disks and undelivered reports', async () => {
    await openWorkers();
    const alpha = await card('alpha');
    expect(screen.getByText(/1 online/).textContent).toMatch(/1 online.*1 lost.*1 without heartbeats/);
    expect(within(alpha).getByText('1 of 4 in use · 1 waiting')).toBeDefined();
    expect(within(alpha).getByText('7 reports not delivered yet')).toBeDefined();
    expect(alpha.textContent).toContain('10.2 GiB free of 1 TiB');
    expect(alpha.textContent).toContain('nearly full');
    expect(within(alpha).getByText('version 0.1.0')).toBeDefined();
    expect(within(alpha).getByRole('link', { name: '4 mirrors' }).getAttribute('href')).toBe(
      '/ui/mirrors?worker=alpha',
    );
    expect(within(alpha).getByRole('link', { name: '1 failed' }).getAttribute('href')).toBe(
      '/ui/mirrors?state=failed&worker=alpha',
    );
  });

  test('show since when they have been lost', async () => {
    await openWorkers();
    const beta = await card('beta');
    expect(beta.textContent).toContain('12 minutes ago');
    expect(beta.textContent).toContain('No heartbeat for a while');
  });

  test('show only reported facts if they are old', async () => {
    await openWorkers();
    const gamma = await card('gamma');
    expect(gamma.textContent).toContain('It sends no heartbeats');
    expect(within(gamma).queryByText('Slots')).toBeNull();
    expect(within(gamma).queryByText('Disk')).toBeNull();
    expect(within(gamma).getByText('none reported')).toBeDefined();
  });

  test('appear, change and disappear live', async () => {
    const { manager } = await openWorkers();
    await screen.findByText('live');
    act(() => {
      manager.change({ workers: [makeWorker('delta')], removed_workers: ['beta'] });
    });
    expect(await card('delta')).toBeDefined();
    await waitFor(() => {
      expect(screen.queryByRole('region', { name: 'beta' })).toBeNull();
    });
  });

  test('are marked if the address names them', async () => {
    await openWorkers('/workers#beta');
    await waitFor(async () => {
      expect((await card('beta')).dataset.marked).toBe('true');
    });
    expect((await card('alpha')).dataset.marked).toBeUndefined();
  });

  test('are missing until the first one registers, and the page says so', async () => {
    await openPage('/workers');
    expect(await screen.findByText('No worker has registered yet.')).toBeDefined();
  });

  test('show why they could not be loaded, and retry', async () => {
    const { user, manager } = await openPage('/workers', {
      prepare: (manager) => {
        manager.on('GET', /^\/api\/workers$/, () => refusal(400, 'the store is closed'));
      },
    });
    const alert = await screen.findByRole('alert');
    expect(alert.textContent).toContain('the store is closed');
    three(manager);
    manager.on('GET', /^\/api\/workers$/, () => manager.workers);
    await user.click(within(alert).getByRole('button', { name: 'Try again' }));
    expect(await card('alpha')).toBeDefined();
  });
});

describe('the removal of a worker', () => {
  const ask = async ({ user }: OpenPage, name: string): Promise<HTMLElement> => {
    await user.click(within(await card(name)).getByRole('button', { name: `Remove worker ${name} …` }));
    return screen.findByRole('dialog', { name: `Remove worker ${name}?` });
  };

  test('says what is deleted and kept, and removes the card after the answer of the manager', async () => {
    const page = await openWorkers();
    page.manager.on('DELETE', /^\/workers\/([^/]+)$/, (_, id) => {
      page.manager.workers = page.manager.workers.filter((worker) => worker.id !== id);
      return { message: 'deleted' };
    });
    const dialog = await ask(page, 'beta');
    expect(dialog.textContent).toContain('This manager deletes its registration.');
    expect(dialog.textContent).toContain('Files and configuration on its machine are kept.');
    await page.user.click(within(dialog).getByRole('button', { name: 'Remove' }));
    expect(await screen.findByText('Worker beta: deleted')).toBeDefined();
    await waitFor(() => {
      expect(screen.queryByRole('region', { name: 'beta' })).toBeNull();
    });
    expect(page.manager.paths('DELETE')).toEqual(['/workers/beta']);
  });

  test('warns if the worker is online and has running syncs', async () => {
    const page = await openWorkers();
    const dialog = await ask(page, 'alpha');
    expect(dialog.textContent).toContain('the status and history of its 4 mirrors');
    expect(dialog.textContent).toContain('It is online, and 1 mirror is syncing.');
    await page.user.click(within(dialog).getByRole('button', { name: 'Cancel' }));
    await waitFor(() => {
      expect(screen.queryByRole('dialog')).toBeNull();
    });
    expect(page.manager.paths('DELETE')).toEqual([]);
  });

  test('shows a refusal by the manager', async () => {
    const page = await openWorkers();
    page.manager.on('DELETE', /^\/workers\/([^/]+)$/, () => refusal(403, 'not from here'));
    const dialog = await ask(page, 'beta');
    await page.user.click(within(dialog).getByRole('button', { name: 'Remove' }));
    expect(await screen.findByText('Worker beta was not removed: not from here')).toBeDefined();
    expect(await card('beta')).toBeDefined();
  });
});

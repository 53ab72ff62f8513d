/** @jest-environment ./test/dom/environment.js */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { act, screen, waitFor, within } from '@testing-library/react';
import type { FakeManager } from './fake-manager.js';
import { failed, makeJob, makeWorker } from './fixtures.js';
import { closePages, openPage } from './open-page.js';

afterEach(closePages);

const some = (manager: FakeManager): void => {
  manager.workers = [makeWorker('alpha')];
  manager.jobs = [makeJob('debian')];
};

describe('the connection', () => {
  test('is shown as live; when it is lost, the page says since when, and retries', async () => {
    const { user, manager } = await openPage('/mirrors', { prepare: some });
    expect(await screen.findByText('live')).toBeDefined();
    expect(document.documentElement.dataset.connection).toBe('live');
    act(() => {
      manager.goAway();
    });
    const alert = await screen.findByRole('alert');
    expect(alert.textContent).toMatch(/^No connection to the manager since \d\d:\d\d; try/);
    expect(document.documentElement.dataset.connection).toBe('lost');
    // loaded data stays visible
    expect(screen.getByRole('link', { name: 'debian' })).toBeDefined();
    manager.comeBack();
    await user.click(within(alert).getByRole('button', { name: 'Try now' }));
    expect(await screen.findByText('live')).toBeDefined();
    expect(screen.queryByRole('alert')).toBeNull();
  });

  test('causes new requests for everything after an outage', async () => {
    const { manager } = await openPage('/mirrors', { prepare: some });
    await screen.findByText('live');
    await screen.findByRole('link', { name: 'debian' });
    act(() => {
      manager.goAway();
    });
    await screen.findByRole('alert');
    manager.jobs = [makeJob('debian', failed)];
    manager.comeBack();
    await waitFor(() => {
      expect(screen.getByRole('grid').textContent).toContain('failed');
    });
  });

  test('is one stream per page, whatever it shows', async () => {
    const { user, manager } = await openPage('/', { prepare: some });
    await screen.findByText('live');
    for (const name of ['Mirrors', 'Workers', 'Timeline', 'Overview']) {
      await user.click(within(screen.getByRole('navigation', { name: 'Menu' })).getByRole('link', { name }));
    }
    expect(manager.streams).toBe(1);
    expect(manager.paths().filter((path) => path === '/api/events')).toHaveLength(1);
  });

  test('causes new requests after skipped events', async () => {
    const { manager } = await openPage('/mirrors', { prepare: some });
    await screen.findByText('live');
    await screen.findByRole('link', { name: 'debian' });
    manager.jobs = [makeJob('debian', failed)];
    act(() => {
      manager.send('lag', {});
    });
    await waitFor(() => {
      expect(screen.getByRole('grid').textContent).toContain('failed');
    });
  });
});

describe('the pages', () => {
  test('are reached by the menu, which marks the current one', async () => {
    const { user } = await openPage('/', { prepare: some });
    const menu = screen.getByRole('navigation', { name: 'Menu' });
    expect(within(menu).getByRole('link', { current: 'page' }).textContent).toBe('Overview');
    await user.click(within(menu).getByRole('link', { name: 'Workers' }));
    expect(await screen.findByRole('heading', { level: 1, name: 'Workers' })).toBeDefined();
    expect(within(menu).getByRole('link', { current: 'page' }).textContent).toBe('Workers');
    expect(location.pathname).toBe('/ui/workers');
  });

  test('report unknown addresses', async () => {
    await openPage('/no/such/page');
    expect(await screen.findByText('Page not found.')).toBeDefined();
    expect(screen.getByRole('navigation', { name: 'Menu' })).toBeDefined();
  });

  test('start with a link to the content, which keeps the address', async () => {
    const { user } = await openPage('/', { prepare: some });
    await user.click(screen.getByRole('link', { name: 'Skip to content' }));
    expect(document.activeElement).toBe(screen.getByRole('main'));
    expect(location.pathname + location.hash).toBe('/ui/');
  });

  test('can be switched to Chinese permanently', async () => {
    const { user } = await openPage('/', { prepare: some });
    await user.click(screen.getByRole('button', { name: 'Theme, Language' }));
    await user.click(await screen.findByRole('menuitem', { name: '中文' }));
    expect(await screen.findByRole('heading', { name: '需要处理' })).toBeDefined();
    expect(document.documentElement.lang).toBe('zh-Hans');
    expect(localStorage.getItem('tunasync-language')).toBe('zh');
  });

  test('can be switched to dark', async () => {
    const { user } = await openPage('/', { prepare: some });
    await user.click(screen.getByRole('button', { name: 'Theme, Language' }));
    await user.click(await screen.findByRole('menuitem', { name: 'Dark' }));
    await waitFor(() => {
      expect(document.documentElement.dataset.mantineColorScheme).toBe('dark');
    });
  });
});

describe('the feed of a browser with shared workers', () => {
  class FakeWorker {
    static made: { url: string; name: string; said: unknown[]; tell: (data: unknown) => void }[] = [];
    port: { onmessage?: (event: { data: unknown }) => void; postMessage: (data: unknown) => void };
    constructor(url: URL, { name }: { name: string }) {
      const said: unknown[] = [];
      const port: FakeWorker['port'] = { postMessage: (data) => said.push(data) };
      this.port = port;
      FakeWorker.made.push({ url: url.pathname, name, said, tell: (data) => port.onmessage?.({ data }) });
    }
  }
  beforeEach(() => {
    FakeWorker.made = [];
    Object.assign(globalThis, { SharedWorker: FakeWorker });
  });
  afterEach(() => {
    Reflect.deleteProperty(globalThis, 'SharedWorker');
  });

  test('opens no stream of its own, and leaves the shared one with its page', async () => {
    const { manager } = await openPage('/', { prepare: some });
    const [worker] = FakeWorker.made;
    expect(worker?.name).toBe('http://manager.test/api/events');
    expect(worker?.url).toMatch(/events-worker/);
    act(() => {
      worker?.tell({ kind: 'connection', connection: { state: 'live' } });
    });
    expect(await screen.findByText('live')).toBeDefined();
    expect(manager.paths()).not.toContain('/api/events');
    act(() => {
      dispatchEvent(new Event('pagehide'));
    });
    expect(worker?.said).toEqual([{ kind: 'bye' }]);
  });

  test('reconnects and requests everything when the page comes back from the cache of the browser', async () => {
    const { manager } = await openPage('/workers', { prepare: some });
    await screen.findByRole('region', { name: 'alpha' });
    manager.workers = [makeWorker('omega')];
    act(() => {
      dispatchEvent(Object.assign(new Event('pageshow'), { persisted: false }));
    });
    expect(FakeWorker.made).toHaveLength(1);
    act(() => {
      dispatchEvent(Object.assign(new Event('pageshow'), { persisted: true }));
    });
    expect(FakeWorker.made).toHaveLength(2);
    expect(await screen.findByRole('region', { name: 'omega' })).toBeDefined();
  });
});

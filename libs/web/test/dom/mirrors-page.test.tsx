/** @jest-environment ./test/dom/environment.js */
import { afterEach, describe, expect, test } from '@jest/globals';
import { act, screen, waitFor, within } from '@testing-library/react';
import { refusal, type FakeManager } from './fake-manager.js';
import { disabled, failed, makeJob, makeWorker, syncing } from './fixtures.js';
import { closePages, openPage, type OpenPage } from './open-page.js';

afterEach(closePages);

const three = (manager: FakeManager): void => {
  manager.workers = [makeWorker('alpha'), makeWorker('beta')];
  manager.jobs = [
    makeJob('debian'),
    makeJob('ubuntu', { ...failed, consecutive_failures: 3 }),
    makeJob('centos', { worker: 'beta', ...syncing, progress: { percent: 41.7 } }),
  ];
};

const grid = (): HTMLElement => screen.getByRole('grid');
/** Names of the mirrors in the table, from top to bottom. */
const names = (): (string | null)[] =>
  [...grid().querySelectorAll('[data-index] a')].map(({ textContent }) => textContent);
const rowCount = (): string | null => grid().getAttribute('aria-rowcount');
const rowOf = (name: string): HTMLElement => {
  const links = [...grid().querySelectorAll('[data-index] a')];
  const row = links.find(({ textContent }) => textContent === name)?.closest<HTMLElement>('[role=row]');
  if (!row) throw new TypeError(`no row of ${name}`);
  return row;
};
const address = (): string => location.pathname + location.search;

async function openTable(path = '/mirrors', prepare = three, width?: number): Promise<OpenPage> {
  const page = await openPage(path, { prepare, ...(width !== undefined && { width }) });
  await waitFor(() => {
    expect(names().length).toBeGreaterThan(0);
  });
  return page;
}

describe('the table', () => {
  test('shows mirrors with their state, reason and progress, the failed ones first', async () => {
    await openTable();
    expect(names()).toEqual(['ubuntu', 'centos', 'debian']);
    expect(rowOf('ubuntu').textContent).toContain('failed');
    expect(rowOf('ubuntu').textContent).toContain('3 failures in a row · exit status 23');
    expect(rowOf('centos').textContent).toContain('syncing');
    expect(rowOf('centos').textContent).toContain('41 %');
    expect(rowOf('debian').textContent).toContain('1 hour ago');
    expect(rowOf('debian').textContent).toContain('1.5 GiB');
    expect(within(rowOf('debian')).getByRole('link').getAttribute('href')).toBe('/ui/mirrors/alpha/debian');
    expect(screen.getByRole('heading', { level: 1 }).textContent).toBe('Mirrors');
    expect(screen.getByText('3 mirrors')).toBeDefined();
    await waitFor(() => {
      expect(document.title).toBe('Mirrors · tunasync');
    });
  });

  test('sorts by a column, and puts the order into the address', async () => {
    const { user, manager } = await openTable();
    const head = screen.getByRole('columnheader', { name: 'Mirror' });
    await user.click(within(head).getByRole('button'));
    await waitFor(() => {
      expect(names()).toEqual(['centos', 'debian', 'ubuntu']);
    });
    expect(address()).toBe('/ui/mirrors?sort=name');
    expect(head.getAttribute('aria-sort')).toBe('ascending');
    await user.click(within(head).getByRole('button'));
    await waitFor(() => {
      expect(names()).toEqual(['ubuntu', 'debian', 'centos']);
    });
    expect(address()).toBe('/ui/mirrors?sort=name&order=desc');
    expect(manager.paths()).toContain('/api/jobs?sort=name&order=desc&offset=0&limit=100');
  });

  test('renders only visible rows, and requests those that are scrolled to', async () => {
    const { user, manager } = await openTable('/mirrors?sort=name', (manager) => {
      manager.jobs = Array.from({ length: 1000 }, (_, index) =>
        makeJob(`mirror-${String(index).padStart(4, '0')}`),
      );
    });
    expect(rowCount()).toBe('1001');
    expect(names().length).toBeLessThan(60);
    await user.click(rowOf('mirror-0003'));
    await user.keyboard('{End}');
    await user.keyboard('j');
    await waitFor(() => {
      expect(names()).toContain('mirror-0999');
    });
    expect(names().length).toBeLessThan(60);
    expect(manager.paths()).toContain('/api/jobs?sort=name&order=asc&offset=900&limit=100');
  });

  test('marks mirrors of a worker that is lost', async () => {
    await openTable('/mirrors', (manager) => {
      manager.jobs = [makeJob('debian', { worker_state: 'lost' })];
    });
    expect(within(rowOf('debian')).getByRole('img', { name: 'lost' })).toBeDefined();
  });

  test('shows why it could not be loaded, and retries', async () => {
    const { user, manager } = await openPage('/mirrors', {
      prepare: (manager) => {
        three(manager);
        manager.on('GET', /^\/api\/jobs$/, () => refusal(400, 'the store is closed'));
      },
    });
    const alert = await screen.findByRole('alert');
    expect(alert.textContent).toContain('Loading failed: the store is closed');
    manager.on('GET', /^\/api\/jobs$/, () => ({
      total: 1,
      counts: {},
      states: {},
      jobs: [makeJob('debian')],
    }));
    await user.click(within(alert).getByRole('button', { name: 'Try again' }));
    expect(await screen.findByRole('link', { name: 'debian' })).toBeDefined();
    expect(screen.queryByRole('alert')).toBeNull();
  });

  test('is replaced by instructions when no worker has registered yet', async () => {
    await openPage('/mirrors');
    expect(await screen.findByRole('heading', { name: 'Connect the first worker' })).toBeDefined();
    expect(screen.getByText(/api_base = "http:\/\/manager\.test"/)).toBeDefined();
  });

  test('says that workers have reported no mirrors yet', async () => {
    await openPage('/mirrors', {
      prepare: (manager) => {
        manager.workers = [makeWorker('alpha')];
      },
    });
    expect(await screen.findByText(/has not reported any mirrors yet/)).toBeDefined();
  });
});

describe('the toolbar', () => {
  test('searches while the user types, in one request, and updates the address', async () => {
    const { user, manager } = await openTable();
    const box = screen.getByRole('searchbox');
    await user.keyboard('/');
    expect(document.activeElement).toBe(box);
    await user.keyboard('ubu');
    await waitFor(() => {
      expect(names()).toEqual(['ubuntu']);
    });
    expect(address()).toBe('/ui/mirrors?q=ubu');
    expect(screen.getByText('1 mirror')).toBeDefined();
    expect(manager.paths().some((path) => path.includes('q=ub&'))).toBe(false);
    await user.keyboard('{Escape}');
    await waitFor(() => {
      expect(names()).toHaveLength(3);
    });
    expect(address()).toBe('/ui/mirrors');
    await user.keyboard('{Escape}');
    expect(document.activeElement).not.toBe(box);
  });

  test('offers to clear the filters when nothing matches', async () => {
    const { user } = await openPage('/mirrors?q=nothing-like-it&state=failed', { prepare: three });
    expect(await screen.findByText('No matching mirrors.')).toBeDefined();
    await user.click(screen.getByRole('button', { name: 'Clear filters' }));
    await waitFor(() => {
      expect(names()).toHaveLength(3);
    });
    expect(address()).toBe('/ui/mirrors');
  });

  test('counts mirrors by state, and filters by it', async () => {
    const { user } = await openTable();
    const chips = screen.getByRole('group', { name: 'States' });
    const chip = within(chips).getByRole('button', { name: 'failed 1' });
    await user.click(chip);
    await waitFor(() => {
      expect(names()).toEqual(['ubuntu']);
    });
    expect(chip.getAttribute('aria-pressed')).toBe('true');
    expect(address()).toBe('/ui/mirrors?state=failed');
    expect(screen.getByText('1 of 3')).toBeDefined();
    expect(within(chips).getByRole('button', { name: 'success 1' })).toBeDefined();
  });

  test('filters by worker', async () => {
    const { user } = await openTable();
    await user.click(screen.getByRole('combobox', { name: 'Worker' }));
    await user.click(await screen.findByRole('option', { name: 'beta' }));
    await waitFor(() => {
      expect(names()).toEqual(['centos']);
    });
    expect(address()).toBe('/ui/mirrors?worker=beta');
  });

  test('has a list of orders and a button for selecting on a phone', async () => {
    const { user } = await openTable('/mirrors', three, 390);
    await user.selectOptions(screen.getByRole('combobox', { name: 'Sort by' }), 'Size');
    await waitFor(() => {
      expect(address()).toBe('/ui/mirrors?sort=size&order=desc');
    });
    await user.click(screen.getByRole('button', { name: 'Select' }));
    await user.click(await screen.findByRole('checkbox', { name: 'Select debian' }));
    expect(await screen.findByText('1 selected')).toBeDefined();
  });

  test('shows the keys of the page', async () => {
    const { user } = await openTable();
    await user.keyboard('?');
    const dialog = await screen.findByRole('dialog', { name: 'Keyboard shortcuts' });
    expect(within(dialog).getByText('Ctrl+A')).toBeDefined();
  });
});

describe('a change', () => {
  test('shows in its row at once, and moves the row only when applied', async () => {
    const { user, manager } = await openTable('/mirrors?sort=attention');
    await screen.findByText('live');
    act(() => {
      manager.change({ jobs: [makeJob('debian', failed), makeJob('aaa', failed)] });
    });
    const apply = await screen.findByRole('button', { name: '2 changes – apply' });
    expect(rowOf('debian').textContent).toContain('failed');
    expect(names()).toEqual(['ubuntu', 'centos', 'debian']);
    expect(rowCount()).toBe('4');
    const release = manager.hold(/^\/api\/jobs$/);
    await user.click(apply);
    // the rows stay in place until the manager answers, and the button says so
    const applying = await screen.findByRole<HTMLButtonElement>('button', { name: 'Applying …' });
    expect(applying.disabled).toBe(true);
    expect(rowCount()).toBe('4');
    expect(names()).toEqual(['ubuntu', 'centos', 'debian']);
    release();
    await waitFor(() => {
      expect(screen.queryByRole('button', { name: 'Applying …' })).toBeNull();
    });
    expect(rowCount()).toBe('5');
    expect(names()).toEqual(['aaa', 'debian', 'ubuntu', 'centos']);
    expect(screen.queryByRole('button', { name: /changes? – apply/ })).toBeNull();
  });

  test('marks a mirror that was removed, in its place', async () => {
    const { manager } = await openTable();
    await screen.findByText('live');
    act(() => {
      manager.change({ removed: [{ worker: 'alpha', name: 'debian' }] });
    });
    await screen.findByRole('button', { name: '1 change – apply' });
    expect(rowOf('debian').textContent).toContain('removed');
    expect(names()).toEqual(['ubuntu', 'centos', 'debian']);
  });

  test('does not affect text that is being typed', async () => {
    const { user, manager } = await openTable();
    await screen.findByText('live');
    await user.keyboard('/deb');
    act(() => {
      manager.change({ jobs: [makeJob('debian', { size: '9G' })] });
    });
    await waitFor(() => {
      expect(rowOf('debian').textContent).toContain('9 GiB');
    });
    expect(screen.getByRole<HTMLInputElement>('searchbox').value).toBe('deb');
    expect(document.activeElement).toBe(screen.getByRole('searchbox'));
  });
});

describe('the selection', () => {
  const ten = (manager: FakeManager): void => {
    manager.jobs = Array.from({ length: 10 }, (_, index) => makeJob(`m${index}`));
  };
  const box = (name: string): HTMLElement => screen.getByRole('checkbox', { name: `Select ${name}` });
  const checked = (): (string | null)[] =>
    screen
      .getAllByRole<HTMLInputElement>('checkbox', { name: /^Select m/ })
      .filter((one) => one.checked)
      .map((one) => one.getAttribute('aria-label'));

  test('extends to a range with Shift, in either direction', async () => {
    const { user } = await openTable('/mirrors?sort=name', ten);
    await user.click(box('m6'));
    await user.keyboard('{Shift>}');
    await user.click(box('m3'));
    await user.keyboard('{/Shift}');
    await screen.findByText('4 selected');
    expect(checked()).toEqual(['Select m3', 'Select m4', 'Select m5', 'Select m6']);
    // a range that starts with a deselected row is deselected
    await user.click(box('m4'));
    await user.keyboard('{Shift>}');
    await user.click(box('m6'));
    await user.keyboard('{/Shift}');
    await screen.findByText('1 selected');
    expect(checked()).toEqual(['Select m3']);
  });

  test('reacts to the keys x, Shift+x, Ctrl+A and Escape', async () => {
    const { user } = await openTable('/mirrors?sort=name', ten);
    await user.keyboard('jx');
    await screen.findByText('1 selected');
    await user.keyboard('jj{Shift>}X{/Shift}');
    await screen.findByText('3 selected');
    expect(checked()).toEqual(['Select m0', 'Select m1', 'Select m2']);
    await user.keyboard('{Control>}a{/Control}');
    await screen.findByText('10 selected');
    await user.keyboard('{Escape}');
    await waitFor(() => {
      expect(screen.queryByText(/selected$/)).toBeNull();
    });
  });

  test('covers all matching mirrors, which are requested before a command', async () => {
    const { user, manager } = await openTable('/mirrors?sort=name&q=m', (manager) => {
      manager.jobs = Array.from({ length: 250 }, (_, index) => makeJob(`m${index}`));
    });
    await user.click(screen.getByRole('checkbox', { name: 'Select all matching mirrors' }));
    await screen.findByText('250 selected');
    await user.click(screen.getByRole('button', { name: 'Start' }));
    const dialog = await screen.findByRole('dialog', { name: 'Start 250 mirrors?' });
    expect(dialog.textContent).toContain('They start as soon as slots are free.');
    await user.click(within(dialog).getByRole('button', { name: 'Start' }));
    await screen.findByText('250 of 250 done, 0 refused');
    const sent = manager.asked
      .filter(({ method }) => method === 'POST')
      .map(({ body }) => (body as { jobs: unknown[] }).jobs.length);
    expect(sent).toEqual([50, 50, 50, 50, 50]);
  });

  test('offers each action for the mirrors that it applies to', async () => {
    const { user } = await openTable('/mirrors?sort=name', (manager) => {
      manager.jobs = [makeJob('m0'), makeJob('m1', disabled), makeJob('m2', syncing)];
    });
    await user.click(screen.getByRole('checkbox', { name: 'Select all matching mirrors' }));
    await user.click(box('m0'));
    await user.click(box('m0'));
    await user.keyboard('{Escape}');
    for (const name of ['m0', 'm1', 'm2']) await user.click(box(name));
    const bar = await screen.findByRole('region', { name: 'Selected mirrors' });
    const words = within(bar)
      .getAllByRole('button')
      .map(({ textContent }) => textContent);
    expect(words).toEqual(['', 'Start 1', 'Stop 2', 'Restart 2', 'Disable 2', 'Enable 1']);
  });

  test('keeps mirrors that change, and drops removed ones', async () => {
    const { user, manager } = await openTable('/mirrors?sort=name', ten);
    await screen.findByText('live');
    await user.click(box('m1'));
    await user.click(box('m2'));
    act(() => {
      manager.change({ jobs: [makeJob('m1', failed)], removed: [{ worker: 'alpha', name: 'm2' }] });
    });
    expect(await screen.findByText('1 selected')).toBeDefined();
  });

  test('shows why it could not be loaded', async () => {
    const { user, manager } = await openTable('/mirrors?sort=name', ten);
    await user.click(screen.getByRole('checkbox', { name: 'Select all matching mirrors' }));
    manager.on('GET', /^\/api\/jobs$/, () => refusal(500, 'the store is closed'));
    await user.click(screen.getByRole('button', { name: 'Stop' }));
    const alert = await screen.findByRole('alert');
    expect(alert.textContent).toContain('the store is closed');
    expect(manager.paths('POST')).toEqual([]);
  });
});

describe('the keys of a row', () => {
  test('move between rows, which are one tab stop, and open the mirror and its menu', async () => {
    const { user } = await openTable('/mirrors?sort=name');
    await user.keyboard('j');
    expect(document.activeElement).toBe(rowOf('centos'));
    await user.keyboard('{ArrowDown}');
    expect(document.activeElement).toBe(rowOf('debian'));
    await user.keyboard('k');
    expect(document.activeElement).toBe(rowOf('centos'));
    const stops = within(grid())
      .getAllByRole('row')
      .filter((row) => row.getAttribute('tabindex') === '0');
    expect(stops).toEqual([rowOf('centos')]);
    await user.keyboard('{ArrowDown}m');
    expect(await screen.findByRole('menuitem', { name: 'Force start' })).toBeDefined();
    await user.keyboard('{Escape}');
    await waitFor(() => {
      expect(screen.queryByRole('menuitem')).toBeNull();
    });
    act(() => {
      rowOf('debian').focus();
    });
    await user.keyboard('{Enter}');
    expect(await screen.findByRole('heading', { level: 1, name: 'debian' })).toBeDefined();
    expect(address()).toBe('/ui/mirrors/alpha/debian');
  });
});

/** @jest-environment ./test/dom/environment.js */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { cleanup, configure, render, screen, waitFor, within } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import type { WebMirrorStatus } from '../../site/api/types.js';
import { StatusPage } from '../../site/status-page/status-page.js';
import { wordsOf } from '../../site/status-page/words.js';
import { FakeManager, refusal } from './fake-manager.js';

configure({ asyncUtilTimeout: 15_000 });

const hourAgo = Math.floor(Date.now() / 1000) - 3600;
const status = (name: string, more: Partial<WebMirrorStatus> = {}): WebMirrorStatus =>
  ({
    name,
    is_master: true,
    status: 'success',
    last_update_ts: hourAgo,
    last_started_ts: hourAgo - 60,
    last_ended_ts: hourAgo,
    next_schedule_ts: hourAgo + 7200,
    upstream: `https://upstream.example.org/${name}/`,
    size: '1.5G',
    ...more,
  }) as WebMirrorStatus;

let manager: FakeManager;
let statuses: WebMirrorStatus[];

beforeEach(() => {
  manager = new FakeManager();
  statuses = [
    status('debian'),
    status('ubuntu', { status: 'failed', last_update_ts: hourAgo - 7200 }),
    status('secret', { status: 'disabled' }),
  ];
  manager.on('GET', /^\/jobs$/, () => statuses);
  globalThis.fetch = manager.fetch as typeof fetch;
});
afterEach(cleanup);

const show = (language = 'en'): void => {
  render(<StatusPage words={wordsOf([language])} site={undefined} />);
};
describe('the public status page', () => {
  test('shows neither disabled mirrors nor controls', async () => {
    show();
    await screen.findByRole('table');
    const rows = within(screen.getByRole('table')).getAllByRole('row').slice(1);
    expect(rows).toHaveLength(2);
    expect(rows[0]?.textContent).toContain('debian');
    expect(rows[0]?.textContent).toContain('success');
    expect(rows[1]?.textContent).toContain('failed');
    expect(screen.queryByText('secret')).toBeNull();
    expect(screen.queryByRole('button', { name: /Start|Stop|Disable/ })).toBeNull();
    expect(within(rows[0]!).getByRole('link').getAttribute('href')).toBe(
      'https://upstream.example.org/debian/',
    );
    expect(screen.getByText(/^as of \d\d:\d\d/)).toBeDefined();
    // it reads only the public route
    expect(manager.paths()).toEqual(['/jobs']);
  });

  test('searches, filters by state, and sorts', async () => {
    const user = userEvent.setup();
    show();
    await screen.findByRole('table');
    await user.click(screen.getByRole('button', { name: /^Mirror/ }));
    const texts = (): (string | null)[] =>
      within(screen.getByRole('table'))
        .getAllByRole('row')
        .slice(1)
        .map(({ textContent }) => textContent.slice(0, 6));
    expect(texts()).toEqual(['ubuntu', 'debian']);
    await user.click(screen.getByRole('button', { name: /failed\s*1/ }));
    expect(texts()).toEqual(['ubuntu']);
    await user.click(screen.getByRole('button', { name: 'All 2' }));
    await user.type(screen.getByRole('searchbox'), 'deb');
    await waitFor(() => {
      expect(texts()).toEqual(['debian']);
    });
    await user.type(screen.getByRole('searchbox'), 'xyz');
    expect(await screen.findByText('No matching mirrors.')).toBeDefined();
  });

  test('says that it could not be loaded, and retries', async () => {
    const user = userEvent.setup();
    manager.on('GET', /^\/jobs$/, () => refusal(500, 'down'));
    show();
    expect((await screen.findByRole('alert')).textContent).toContain('The status could not be loaded.');
    manager.on('GET', /^\/jobs$/, () => statuses);
    await user.click(screen.getByRole('button', { name: 'Try now' }));
    expect(await screen.findByRole('table')).toBeDefined();
  });

  test('keeps its data when it cannot be refreshed, and says since when', async () => {
    show();
    await screen.findByRole('table');
    manager.goAway();
    dispatchEvent(new Event('online'));
    expect(await screen.findByText(/^not refreshed since \d\d:\d\d/)).toBeDefined();
    expect(screen.getByRole('table').dataset.lost).toBe('true');
    manager.comeBack();
    dispatchEvent(new Event('online'));
    expect(await screen.findByText(/^as of/)).toBeDefined();
  });

  test('says that there are no mirrors yet', async () => {
    statuses = [];
    show();
    expect(await screen.findByText('There are no mirrors yet.')).toBeDefined();
  });

  test('speaks Chinese to browsers that do', async () => {
    show('zh-CN');
    expect(await screen.findByRole('heading', { name: '镜像状态' })).toBeDefined();
    expect(await screen.findByRole('table')).toBeDefined();
  });
});

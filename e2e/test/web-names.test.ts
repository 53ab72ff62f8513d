import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { reportMany } from '@tunasync/test-utils';
import { accessibilityProblems, openBrowser, type TestBrowser } from '../src/browser.js';
import type { RunningProcess } from '../src/run-process.js';
import { makeSite, type Site } from '../src/site.js';

let site: Site;
let manager: RunningProcess;
let browser: TestBrowser;
let ui: string;

beforeAll(async () => {
  [site, browser] = await Promise.all([makeSite({ mirrors: '' }), openBrowser()]);
  manager = await site.startManager();
  const [{ url }] = site.managers;
  ui = `${url}/ui/`;
  await reportMany(url, 8);
});

afterAll(async () => {
  await browser[Symbol.asyncDispose]();
  await site[Symbol.asyncDispose]();
});

test.each(['a b %41#c?d&e=1', '50%', '%2e', '镜像', 'n'.repeat(200)])(
  'a mirror called %s is found, opened, shown in all tabs, and still there after a reload',
  async (name) => {
    const [{ url }] = site.managers;
    await reportName(url, name);
    await using look = await browser.look(`${ui}mirrors?q=${encodeURIComponent(name)}`);
    const { page, problems } = look;
    await page.getByRole('grid').getByRole('link', { name, exact: true }).click();
    const heading = page.getByRole('heading', { level: 1, name, exact: true });
    await heading.waitFor();
    for (const tab of ['Runs', 'Configuration', 'Log', 'Now', 'Runs']) {
      await page.getByRole('tab', { name: tab }).click();
      await page.getByRole('tabpanel', { name: tab }).waitFor();
    }
    await page.reload();
    await heading.waitFor();
    expect(new URL(page.url()).pathname).toBe(`/ui/mirrors/worker-0/${encodeURIComponent(name)}`);
    expect(new URL(page.url()).search).toBe('?tab=runs');
    await page.goBack();
    await page.getByRole('grid').getByText(name, { exact: true }).waitFor();
    expect(await page.getByRole('searchbox').inputValue()).toBe(name);
    expect(problems).toEqual([]);
  },
);

test('axe finds no violations in menus and dialogs', async () => {
  await using look = await browser.look(`${ui}mirrors`);
  const { page, problems } = look;
  await page.getByRole('button', { name: 'Actions of mirror-00000' }).click();
  await page.getByRole('menuitem', { name: 'Disable' }).waitFor();
  expect(await accessibilityProblems(page)).toEqual([]);
  await page.getByRole('menuitem', { name: 'Disable' }).click();
  await page.getByRole('dialog', { name: 'Disable mirror-00000?' }).getByText('The schedule ends.').waitFor();
  expect(await accessibilityProblems(page)).toEqual([]);
  await page.getByRole('button', { name: 'Disable', exact: true }).click();
  await page
    .getByRole('alert')
    .getByText(/Disable mirror-00000 was refused/)
    .waitFor();
  expect(await accessibilityProblems(page)).toEqual([]);
  expect(problems).toEqual([]);
});

test('a page whose script is not loaded says so while the manager is down, and appears when it is back', async () => {
  await using look = await browser.look(`${ui}workers`);
  const { page } = look;
  await page.getByText('live', { exact: true }).waitFor();
  await manager.stop();
  await page.getByText(/^No connection to the manager since/).waitFor();
  await page.getByRole('link', { name: 'Timeline' }).click();
  await page.getByText('It appears when the connection is back.').waitFor();
  // loaded pages can still be reached
  await page.getByRole('link', { name: 'Workers' }).click();
  await page.getByRole('heading', { level: 2, name: 'worker-0', exact: true }).waitFor();
  expect(await accessibilityProblems(page)).toEqual([]);
  await page.getByRole('link', { name: 'Timeline' }).click();
  manager = await site.startManager();
  await page.getByRole('heading', { level: 1, name: 'Timeline' }).waitFor();
});

async function reportName(manager: string, name: string): Promise<void> {
  const path = `/workers/worker-0/jobs/${encodeURIComponent(name)}`;
  const body = {
    name,
    worker: 'worker-0',
    is_master: true,
    status: 'success',
    upstream: '',
    size: '1G',
    error_msg: '',
  };
  const answer = await fetch(manager + path, { method: 'POST', body: JSON.stringify(body) });
  expect(answer.status).toBe(200);
}

import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { waitFor } from '@tunasync/test-utils';
import { openBrowser, type Look, type TestBrowser } from '../src/browser.js';
import { makeWebSite, type WebSite } from '../src/web-site.js';

let site: WebSite;
let browser: TestBrowser;
let look: Look;

beforeAll(async () => {
  [site, browser] = await Promise.all([makeWebSite(), openBrowser()]);
  await site.alpha.waitForStatus('broken', ({ status }) => status === 'failed');
  await site.alpha.waitForStatus('pub', ({ status }) => status === 'success');
  await site.beta.waitForStatus('angry', ({ status }) => status === 'failed');
});

afterAll(async () => {
  await browser[Symbol.asyncDispose]();
  await site[Symbol.asyncDispose]();
});

beforeEach(async () => {
  look = await browser.look(site.url);
});

afterEach(async () => {
  expect(look.problems).toEqual([]);
  await look[Symbol.asyncDispose]();
});

const state = (word: string) => look.page.locator('main').getByText(word, { exact: true }).first();
const button = (name: string) => look.page.getByRole('main').getByRole('button', { name, exact: true });
const confirm = async (title: string, action: string): Promise<string> => {
  const dialog = look.page.getByRole('dialog', { name: title });
  await dialog.waitFor();
  const question = await dialog.innerText();
  await dialog.getByRole('button', { name: action, exact: true }).click();
  return question;
};

/** Number of rsync processes that sync a mirror of the worker `alpha`. */
async function rsyncOf(mirror: string): Promise<number> {
  const processes = await site.alpha.processes();
  return processes.filter(
    ({ commandLine }) => commandLine.includes('rsync ') && commandLine.includes(`/data/${mirror}`),
  ).length;
}

test('a newcomer finds the failed mirror, and reads the reason in its log', async () => {
  const { page } = look;
  const attention = page.getByRole('region', { name: 'Needs attention' });
  await attention.getByRole('link', { name: 'broken', exact: true }).waitFor();
  await attention.getByRole('link', { name: 'broken', exact: true }).click();
  await page.getByRole('heading', { level: 1, name: 'broken' }).waitFor();
  await page.getByRole('tab', { name: 'Log' }).click();
  await page.getByText('@ERROR: Unknown module').first().waitFor();
});

test('a sync is started, watched and stopped, from the page to rsync and back', async () => {
  const { page } = look;
  await page.goto(`${site.url}mirrors/alpha/big`);
  // its first sync may be finished or still running
  await waitFor('the first sync', async () => (await site.alpha.statuses()).get('big')?.status !== 'none');
  if ((await site.alpha.statuses()).get('big')?.status === 'success') await button('Start').click();
  await state('syncing').waitFor();
  await waitFor('rsync', async () => (await rsyncOf('big')) > 0);
  await page.getByRole('progressbar').first().waitFor();
  await page.getByText(/\/s/).first().waitFor();
  await button('Stop').click();
  const question = await confirm('Stop big?', 'Stop');
  expect(question).toMatch(/It has been running for \d+ s\b/);
  expect(question).toContain('Files already transferred are kept');
  await state('paused').waitFor();
  await waitFor('the end of rsync', async () => (await rsyncOf('big')) === 0);
  await page.getByText(/^Stop big: /).waitFor();
});

test('a cancelled question changes nothing', async () => {
  const { page } = look;
  await page.goto(`${site.url}mirrors/alpha/talk`);
  await state('syncing').waitFor();
  await button('Stop').click();
  await confirm('Stop talk?', 'Cancel');
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
  expect((await site.alpha.statuses()).get('talk')?.status).toBe('syncing');
});

test('a restart of a running sync starts another process for the same mirror', async () => {
  const { page } = look;
  await page.goto(`${site.url}mirrors/alpha/talk`);
  await state('syncing').waitFor();
  const before = (await site.alpha.statuses()).get('talk')?.last_started;
  await button('Restart').click();
  await confirm('Restart talk?', 'Restart');
  await waitFor('another start', async () => {
    const now = (await site.alpha.statuses()).get('talk');
    return now?.status === 'syncing' && now.last_started !== before;
  });
  await state('syncing').waitFor();
});

test('a mirror is disabled, and enabled again', async () => {
  const { page } = look;
  await page.goto(`${site.url}mirrors/alpha/pub`);
  await state('success').waitFor();
  await button('Disable').click();
  await confirm('Disable pub?', 'Disable');
  await state('disabled').waitFor();
  expect((await site.alpha.statuses()).get('pub')?.status).toBe('disabled');
  await button('Enable').click();
  await state('success').waitFor();
  expect((await site.alpha.statuses()).get('pub')?.status).toBe('success');
});

test('a forced start ignores the limits', async () => {
  const { page } = look;
  await page.goto(`${site.url}mirrors/beta/angry`);
  await state('failed').waitFor();
  const before = (await site.beta.statuses()).get('angry')?.last_started;
  await button('Force start').click();
  await page.getByText(/^Force start angry: /).waitFor();
  await waitFor(
    'another run',
    async () => (await site.beta.statuses()).get('angry')?.last_started !== before,
  );
});

test("many mirrors are stopped at once, and each worker's answer is shown", async () => {
  const { page } = look;
  await page.goto(`${site.url}mirrors?q=pub`);
  await page.getByRole('checkbox', { name: /pub/ }).first().waitFor();
  for (const box of await page.getByRole('checkbox', { name: /pub/ }).all()) await box.check();
  await page.getByRole('button', { name: 'Stop', exact: true }).click();
  await confirm('Stop 2 mirrors?', 'Stop');
  const answers = page.getByRole('dialog', { name: /Results/ });
  await answers.getByText('2 of 2 done, 0 refused').waitFor();
  await answers.getByRole('button', { name: 'Close', exact: true }).last().click();
  await waitFor(
    'both stopped',
    async () =>
      (await site.alpha.statuses()).get('pub')?.status === 'paused' &&
      (await site.beta.statuses()).get('pub')?.status === 'paused',
  );
  const paused = page.getByRole('row').filter({ hasText: 'pub' }).getByText('paused', { exact: true });
  await waitFor('both rows to say so', async () => (await paused.count()) === 2);
});

test('a refusal by a worker is quoted', async () => {
  const { page } = look;
  await page.goto(`${site.url}mirrors/beta/pub`);
  await page.getByRole('heading', { level: 1, name: 'pub' }).waitFor();
  // the page still shows a mirror that its worker has lost
  const before = await site.beta.statuses();
  expect(before.has('pub')).toBe(true);
  await site.beta.setMirrors('');
  site.betaWorker.kill('SIGHUP');
  await waitFor('the reload', async () => (await site.beta.command('start', 'pub')).status === 404);
  await button('Start').click();
  const refusal = page.getByText(/^Start pub was refused: /);
  await refusal.waitFor();
  expect(await refusal.innerText()).toContain('pub');
});

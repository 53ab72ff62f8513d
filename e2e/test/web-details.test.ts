import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openBrowser, type TestBrowser } from '../src/browser.js';
import { keepScreenshot } from '../src/screenshots.js';
import { afterFirstRuns, makeWebSite, type WebSite } from '../src/web-site.js';

let site: WebSite;
let browser: TestBrowser;

beforeAll(async () => {
  [site, browser] = await Promise.all([makeWebSite(), openBrowser()]);
  await afterFirstRuns(site);
});

afterAll(async () => {
  await browser[Symbol.asyncDispose]();
  await site[Symbol.asyncDispose]();
});

test('a log is searched, its first error is found, a line is linked, and the file is downloaded', async () => {
  await using look = await browser.look(`${site.url}mirrors/alpha/broken?tab=log`);
  const { page, problems } = look;
  const log = page.getByRole('log');
  await log.getByText('Unknown module').waitFor();
  await page.getByRole('button', { name: 'First error' }).click();
  await log.locator('[data-mark]').first().waitFor();
  expect(await log.locator('[data-mark]').first().innerText()).toMatch(/error/i);
  await page.getByRole('textbox', { name: 'Search this log' }).fill('client-server');
  await page.keyboard.press('Enter');
  await page.getByText('1 of 2').waitFor();
  await page.keyboard.press('Enter');
  await page.getByText('2 of 2').waitFor();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: /Download this log/ }).click(),
  ]);
  expect(await readFile(await download.path(), 'utf8')).toBe(await site.alpha.latestLog('broken'));
  expect(problems).toEqual([]);
});

test('a run in the table opens its log, and the chart has a text alternative', async () => {
  await using look = await browser.look(`${site.url}mirrors/beta/angry?tab=runs`);
  const { page, problems } = look;
  const runs = page.getByRole('table', { name: /Runs/ });
  await runs.getByText('failed', { exact: true }).first().waitFor();
  expect(await runs.getByRole('row').count()).toBe(2);
  await page.locator('main svg.recharts-surface').first().waitFor();
  await keepScreenshot(page, 'runs-with-chart');
  await runs.getByRole('link', { name: /Log of the run/ }).click();
  await page.getByRole('log').getByText('<img src=x').first().waitFor();
  expect(page.url()).toContain('tab=log');
  expect(problems).toEqual([]);
});

test('active settings are shown with their sources, and secrets are masked', async () => {
  await using look = await browser.look(`${site.url}mirrors/alpha/talk?tab=config`);
  const { page, problems } = look;
  const settings = page.getByRole('table', { name: 'Active settings' });
  const row = (key: string) =>
    settings.getByRole('row').filter({ has: page.getByText(key, { exact: true }) });
  await row('retry').waitFor();
  expect(await row('retry').innerText()).toMatch(/1[\s\S]*this mirror[\s\S]*worker\.conf:\d+/);
  expect(await row('mirror_dir').innerText()).toContain('[global]');
  await settings.getByText(/MIRROR_PASSWORD/).waitFor();
  expect(await page.content()).not.toContain('hunter2');
  await page.getByRole('switch', { name: 'Only non-default values' }).click({ force: true });
  await settings.getByText('default', { exact: true }).first().waitFor({ state: 'detached' });
  expect(await row('timeout').count()).toBe(0);
  expect(problems).toEqual([]);
});

test('theme and language are changed and remembered', async () => {
  await using look = await browser.look(site.url, { colorScheme: 'light' });
  const { page, problems } = look;
  const preferences = page.getByRole('banner').getByRole('button');
  await page.getByText('live', { exact: true }).waitFor();
  await preferences.last().click();
  await page.getByRole('menuitem', { name: 'Dark' }).click();
  await page.locator('html[data-mantine-color-scheme="dark"]').waitFor({ state: 'attached' });
  await preferences.last().click();
  await page.getByRole('menuitem', { name: '中文' }).click();
  await page.getByRole('link', { name: '镜像', exact: true }).waitFor();
  await page.reload();
  await page.getByText('需要处理').waitFor();
  expect(await page.locator('html').getAttribute('lang')).toMatch(/^zh/);
  expect(await page.locator('html').getAttribute('data-mantine-color-scheme')).toBe('dark');
  await keepScreenshot(page, 'overview-zh-dark');
  expect(problems).toEqual([]);
});

test('the keyboard alone suffices to find a mirror, open its page, and return', async () => {
  await using look = await browser.look(`${site.url}mirrors?sort=name`);
  const { page, problems } = look;
  const grid = page.getByRole('grid');
  await grid.getByText('talk', { exact: true }).waitFor();
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: /^(angry|big)$/ }).waitFor();
  await page.goBack();
  await grid.getByText('talk', { exact: true }).waitFor();
  await page.keyboard.press('/');
  await page.keyboard.type('tal');
  await page.waitForURL(/q=tal/);
  await grid.getByText('pub', { exact: true }).first().waitFor({ state: 'detached' });
  await page.keyboard.press('Escape');
  await grid.getByText('pub', { exact: true }).first().waitFor();
  expect(problems).toEqual([]);
});

test('the timeline shows finished runs as a picture and as a list', async () => {
  await using look = await browser.look(`${site.url}timeline`);
  const { page, problems } = look;
  await page.getByRole('application', { name: /^Runs of alpha/ }).waitFor();
  await page.getByRole('switch', { name: 'Show as list' }).click({ force: true });
  const table = page.getByRole('table').filter({ hasText: 'broken' });
  await table.getByText('failed', { exact: true }).first().waitFor();
  expect(page.url()).toContain('view=list');
  await table.getByRole('link', { name: 'broken', exact: true }).first().click();
  await page.getByRole('heading', { level: 1, name: 'broken' }).waitFor();
  expect(problems).toEqual([]);
});

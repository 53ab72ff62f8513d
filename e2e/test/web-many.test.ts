import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { reportMany } from '@tunasync/test-utils';
import type { Page } from 'playwright-core';
import { openBrowser, type TestBrowser } from '../src/browser.js';
import { keepScreenshot } from '../src/screenshots.js';
import { makeSite, type Site } from '../src/site.js';

const mirrors = 10_000;

let site: Site;
let browser: TestBrowser;
let ui: string;

beforeAll(async () => {
  [site, browser] = await Promise.all([makeSite({ mirrors: '' }), openBrowser()]);
  await site.startManager();
  const [{ url }] = site.managers;
  ui = `${url}/ui/`;
  await reportMany(url, mirrors);
});

afterAll(async () => {
  await browser[Symbol.asyncDispose]();
  await site[Symbol.asyncDispose]();
});

const elements = async (page: Page): Promise<number> =>
  Number(await page.evaluate('document.querySelectorAll("*").length'));

/** Gzipped size of all scripts that a page has loaded. */
async function scriptBytes(page: Page): Promise<number> {
  const urls = await page.evaluate<string[]>(
    `performance.getEntriesByType('resource').map(({ name }) => name).filter((name) => name.endsWith('.js'))`,
  );
  expect(urls.length).toBeGreaterThan(3);
  const sizes = urls.map(async (url) => gzipSync(await (await fetch(url)).arrayBuffer()).length);
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

test.each(['', 'mirrors'])('/ui/%s starts with at most 250 KB of scripts', async (path) => {
  await using look = await browser.look(ui + path);
  await look.page.getByRole('heading', { level: 1 }).waitFor();
  await look.page.getByText('live', { exact: true }).waitFor();
  expect(await scriptBytes(look.page)).toBeLessThanOrEqual(250_000);
  expect(await elements(look.page)).toBeLessThan(3000);
});

test('a table of ten thousand mirrors renders only visible rows, at both ends, and finds any mirror by its filter', async () => {
  await using look = await browser.look(`${ui}mirrors?sort=name`);
  const { page, problems } = look;
  const grid = page.getByRole('grid');
  await grid.getByText('mirror-00000', { exact: true }).waitFor();
  expect(await grid.getAttribute('aria-rowcount')).toBe(String(mirrors + 1));
  expect(await elements(page)).toBeLessThan(3000);
  await grid.getByText('mirror-00000', { exact: true }).focus();
  await page.keyboard.press('End');
  await grid.getByText('mirror-09999', { exact: true }).waitFor();
  await keepScreenshot(page, 'mirrors-end-of-10000');
  expect(await elements(page)).toBeLessThan(3000);
  await page.keyboard.press('/');
  await page.keyboard.type('mirror-04711');
  await grid.getByText('mirror-04711', { exact: true }).waitFor();
  await page.waitForURL(/q=mirror-04711/);
  expect(await grid.getAttribute('aria-rowcount')).toBe('2');
  // the address contains the view
  await page.reload();
  await grid.getByText('mirror-04711', { exact: true }).waitFor();
  expect(await page.getByRole('searchbox').inputValue()).toBe('mirror-04711');
  await page.getByRole('searchbox').focus();
  await page.keyboard.press('Escape');
  await grid.getByText('mirror-00000', { exact: true }).waitFor();
  expect(problems).toEqual([]);
});

test('rows do not move under the reader: changes wait to be applied', async () => {
  await using look = await browser.look(`${ui}mirrors?sort=attention`);
  const { page, problems } = look;
  const grid = page.getByRole('grid');
  await grid.getByRole('row').nth(10).waitFor();
  await page.getByText('live', { exact: true }).waitFor();
  const first = await grid.locator('[data-index="0"]').innerText();
  const [{ url }] = site.managers;
  await reportMany(url, 1, { name: 'aaa-new', status: 'failed' });
  const apply = page.getByRole('button', { name: /changes? – apply/ });
  await apply.waitFor();
  expect(await grid.locator('[data-index="0"]').innerText()).toBe(first);
  await apply.click();
  // while changes are applied, the button has another text, and the rows are still the old ones
  await page.locator(`[role=grid][aria-rowcount="${mirrors + 2}"]`).waitFor();
  await page.getByRole('button', { name: 'Applying …' }).waitFor({ state: 'hidden' });
  expect(await apply.count()).toBe(0);
  expect(await grid.getAttribute('aria-rowcount')).toBe(String(mirrors + 2));
  expect(problems).toEqual([]);
});

test('the public status page shows them all', async () => {
  await using look = await browser.look(`${ui}status`);
  const { page, problems } = look;
  await page.getByText('mirror-00000', { exact: true }).waitFor();
  expect(await elements(page)).toBeLessThan(3000);
  await page.getByRole('searchbox').fill('mirror-09999');
  await page.getByText('mirror-09999', { exact: true }).waitFor();
  await keepScreenshot(page, 'status-one-of-10000');
  expect(problems).toEqual([]);
});

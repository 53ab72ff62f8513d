// @ts-check
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { reportMany } from '@tunasync/test-utils';
import { chromium } from 'playwright-core';
import { programPath } from '../setup/run.js';
import { bin, freePort, start, until } from './processes.js';

/** @typedef {{ firstRows: number, nodes: number, scripts: number, longestScroll: number, longestTyping: number, filtered: number, typed: number }} WebFigures */

/** What the page itself runs; as text, for its world is another one. */
const inPage = {
  watchTasks: `globalThis.longTasks = [];
    new PerformanceObserver((list) => longTasks.push(...list.getEntries().map(({ duration }) => duration)))
      .observe({ type: 'longtask' });`,
  longestTask: 'Math.max(0, ...longTasks.splice(0))',
  scriptBytes: `performance.getEntriesByType('resource').filter(({ name }) => name.endsWith('.js'))
    .reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0)`,
  elements: `document.querySelectorAll('*').length`,
};

/** @param {number[]} values */
const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

/**
 * What Chromium makes of the table of many mirrors.
 *
 * @param {string} folder
 * @param {number} count - mirrors
 * @returns {Promise<WebFigures>} milliseconds, nodes and bytes (scripts, compressed); medians of three
 */
export async function benchWeb(folder, count) {
  mkdirSync(folder, { recursive: true });
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const conf = join(folder, 'manager.conf');
  writeFileSync(
    conf,
    `[server]\naddr = "127.0.0.1"\nport = ${port}\n[files]\ndb_file = "${join(folder, 'db')}"\nstatus_file = ""\n`,
  );
  const manager = start(bin('tunasync-manager'), ['-c', conf], join(folder, 'manager.log'));
  const browser = await chromium.launch({
    executablePath: programPath('chromium'),
    args: ['--no-sandbox', '--disable-gpu'],
  });
  try {
    await until('the manager', async () => (await fetch(`${url}/ping`)).ok);
    await reportMany(url, count);
    /** @type {WebFigures[]} */
    const looks = [];
    for (let n = 0; n < 3; n++) looks.push(await look(browser, `${url}/ui/mirrors`));
    const of = (/** @type {keyof WebFigures} */ key) => median(looks.map((one) => one[key]));
    return {
      firstRows: of('firstRows'),
      nodes: of('nodes'),
      scripts: of('scripts'),
      longestScroll: of('longestScroll'),
      longestTyping: of('longestTyping'),
      typed: of('typed'),
      filtered: of('filtered'),
    };
  } finally {
    await browser.close();
    await manager.stop();
  }
}

/**
 * @param {import('playwright-core').Browser} browser
 * @param {string} address
 * @returns {Promise<WebFigures>}
 */
async function look(browser, address) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  try {
    const page = await context.newPage();
    await page.addInitScript(inPage.watchTasks);
    const longest = async () => Number(await page.evaluate(inPage.longestTask));
    const begin = Date.now();
    await page.goto(address, { waitUntil: 'commit' });
    await page.getByText('mirror-', { exact: false }).nth(10).waitFor();
    const firstRows = Date.now() - begin;
    const scripts = Number(await page.evaluate(inPage.scriptBytes));
    await page.waitForTimeout(500);
    await longest();
    await page.mouse.move(600, 500);
    for (let n = 0; n < 60; n++) {
      await page.mouse.wheel(0, 900);
      await page.waitForTimeout(16);
    }
    await page.waitForTimeout(300);
    const longestScroll = await longest();
    const nodes = Number(await page.evaluate(inPage.elements));
    const box = page.getByRole('searchbox').first();
    await box.focus();
    const typingBegan = Date.now();
    await page.keyboard.type('mirror-00999', { delay: 0 });
    const typed = (Date.now() - typingBegan) / 'mirror-00999'.length;
    await page.getByText('mirror-00999', { exact: true }).first().waitFor();
    const filtered = Date.now() - typingBegan;
    const longestTyping = await longest();
    return { firstRows, nodes, scripts, longestScroll, longestTyping, typed, filtered };
  } finally {
    await context.close();
  }
}

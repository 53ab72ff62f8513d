// @ts-check
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { programPath } from '../setup/run.js';
import { bin, freePort, start, until } from './processes.js';

/** @typedef {{ firstRows: number, nodes: number, scripts: number, longestScroll: number, longestTyping: number, filtered: number, typed: number }} WebFigures */

const workers = 20;
const states = [
  'success',
  'success',
  'success',
  'success',
  'syncing',
  'failed',
  'paused',
  'disabled',
  'none',
];

/**
 * Fills a manager by reports, as workers do.
 *
 * @param {string} url
 * @param {number} count
 */
async function report(url, count) {
  const post = async (/** @type {string} */ path, /** @type {unknown} */ body) => {
    const answer = await fetch(`${url}${path}`, { method: 'POST', body: JSON.stringify(body) });
    await answer.arrayBuffer();
  };
  for (let n = 0; n < workers; n++)
    await post('/workers', { id: `worker-${n}`, url: 'http://127.0.0.1:9/', token: '' });
  const hour = 3_600_000;
  const at = (/** @type {number} */ millis) => new Date(Date.now() + millis).toISOString();
  let next = 0;
  const send = async () => {
    for (let n = next++; n < count; n = next++) {
      const worker = `worker-${n % workers}`;
      const status = states[n % states.length];
      await post(`/workers/${worker}/jobs/mirror-${n}`, {
        name: `mirror-${n}`,
        worker,
        is_master: true,
        status,
        last_update: at(-hour * (1 + (n % 48))),
        last_started: at(-hour * (1 + (n % 48)) - 600_000),
        last_ended: at(-hour * (1 + (n % 48))),
        next_schedule: at(hour * (1 + (n % 24))),
        upstream: `rsync://upstream-${n % 300}.example.org/mirror-${n}/`,
        size: `${(n % 900) + 1}G`,
        error_msg: status === 'failed' ? 'rsync error: timeout in data send/receive (code 30)' : '',
      });
    }
  };
  await Promise.all(Array.from({ length: 16 }, send));
}

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
    await report(url, count);
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
    await page.keyboard.type('mirror-9999', { delay: 0 });
    const typed = (Date.now() - typingBegan) / 'mirror-9999'.length;
    await page.getByText('mirror-9999', { exact: true }).first().waitFor();
    const filtered = Date.now() - typingBegan;
    const longestTyping = await longest();
    return { firstRows, nodes, scripts, longestScroll, longestTyping, typed, filtered };
  } finally {
    await context.close();
  }
}

import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { waitFor } from '@tunasync/test-utils';
import { openBrowser, type TestBrowser } from '../src/browser.js';
import { keepScreenshot } from '../src/screenshots.js';
import { hostileText, makeWebSite, type WebSite } from '../src/web-site.js';

let site: WebSite;
let browser: TestBrowser;

beforeAll(async () => {
  [site, browser] = await Promise.all([makeWebSite(), openBrowser()]);
  await site.alpha.waitForStatus('talk', ({ status }) => status === 'syncing');
});

afterAll(async () => {
  await browser[Symbol.asyncDispose]();
  await site[Symbol.asyncDispose]();
});

test('a log is followed as text until it ends', async () => {
  await using look = await browser.look(`${site.url}mirrors/alpha/talk?tab=log`);
  const { page, problems } = look;
  const log = page.getByRole('log');
  await log
    .getByText(/^line \d+$/)
    .last()
    .waitFor();
  const last = async (): Promise<number> => {
    const texts = await log.getByText(/^line \d+$/).allInnerTexts();
    return Math.max(...texts.map((text) => Number(text.split(' ')[1])));
  };
  const first = await last();
  await waitFor('new lines', async () => (await last()) > first + 5);
  await keepScreenshot(page, 'log-live');
  await log.focus();
  await page.keyboard.press('Home');
  await log.getByText('100 %').waitFor();
  expect(await log.getByText('50 %').count()).toBe(0);
  expect(await log.getByText(hostileText).count()).toBe(1);
  // a reader further up stays there, and sees how many lines arrived
  await page
    .getByText(/\d+ new lines/)
    .first()
    .waitFor();
  expect(await log.getByText('100 %').count()).toBe(1);
  await keepScreenshot(page, 'log-let-go');
  await page.keyboard.press('End');
  await site.endTalk();
  await log.getByText('the end', { exact: true }).waitFor();
  await page.getByRole('main').getByText('success', { exact: true }).first().waitFor();
  expect(problems).toEqual([]);
});

test('a page without any clicks is kept up to date: a killed worker is lost, and comes back', async () => {
  await using look = await browser.look(`${site.url}mirrors/alpha/broken`);
  const { page, problems } = look;
  await page.getByRole('main').getByText('failed', { exact: true }).first().waitFor();
  const before = (await site.alpha.statuses()).get('broken')?.last_ended;
  await site.alpha.command('start', 'broken');
  await waitFor('another failure', async () => {
    const status = (await site.alpha.statuses()).get('broken');
    return status?.status === 'failed' && status.last_ended !== before;
  });
  await page
    .getByText(/2 (failures|times|runs)? ?in a row|2 failures/i)
    .first()
    .waitFor();
  site.betaWorker.kill('SIGKILL');
  await site.betaWorker.ended;
  await page.goto(`${site.url}mirrors/beta/pub`);
  await page.getByRole('main').getByRole('button', { name: 'Start', exact: true }).click();
  await page.getByText(/^Start pub was refused: /).waitFor();
  await site.beta.startWorker();
  await waitFor('the worker', async () => (await site.beta.command('ping', 'pub')).ok);
  await page.getByRole('main').getByRole('button', { name: 'Start', exact: true }).click();
  await page.getByText(/^Start pub: /).waitFor();
  expect(problems).toEqual([]);
});

test('two tabs share one stream; when the manager is down, the page says so, and recovers afterwards', async () => {
  await using proxy = await startProxy(new URL('../', site.url));
  await using look = await browser.look(`${proxy.url}/ui/mirrors`);
  const { page, problems } = look;
  const other = await page.context().newPage();
  await other.goto(`${proxy.url}/ui/workers`);
  for (const tab of [page, other]) await tab.getByText('live', { exact: true }).waitFor();
  // a tab is live only after the greeting of its stream, so each tab with its own stream has opened it by now
  expect(proxy.open('/api/events')).toBe(1);
  await site.manager.stop();
  for (const tab of [page, other]) {
    await tab.getByText(/No connection to the manager since \d\d:\d\d; trying again in \d+ s/).waitFor();
  }
  await keepScreenshot(page, 'connection-lost');
  await site.restartManager();
  await page
    .getByRole('button', { name: 'Try now' })
    .click({ timeout: 5000 })
    .catch(() => undefined);
  for (const tab of [page, other]) await tab.getByText('live', { exact: true }).waitFor();
  expect(proxy.open('/api/events')).toBe(1);
  await site.alpha.command('disable', 'pub');
  await page.getByText('disabled', { exact: true }).first().waitFor();
  expect(problems).toEqual([]);
});

test('pages, events, logs and commands work below the path of a proxy that changes the host', async () => {
  await using proxy = await startProxy(new URL('../', site.url), '/tunasync');
  await using look = await browser.look(`${proxy.url}/tunasync/`);
  const { page, problems } = look;
  await page.waitForURL(`${proxy.url}/tunasync/ui/`);
  await page.getByText('live', { exact: true }).waitFor();
  await page.goto(`${proxy.url}/tunasync/ui/mirrors/beta/angry?tab=log`);
  await page.getByRole('log').getByText('<img src=x').first().waitFor();
  await page.getByRole('main').getByRole('button', { name: 'Start', exact: true }).click();
  await page.getByText(/^Start angry: /).waitFor();
  await page.reload();
  await page.getByRole('heading', { level: 1, name: 'angry' }).waitFor();
  expect(problems).toEqual([]);
});

/** A reverse proxy in front of a manager. */
interface Proxy extends AsyncDisposable {
  readonly url: string;
  /** Number of requests for a path that are in progress. */
  open: (path: string) => number;
}

/** Starts a proxy that serves a server below a path, and passes on another host than the browser's. */
async function startProxy(target: URL, below = ''): Promise<Proxy> {
  const open: string[] = [];
  const server: Server = createServer((incoming, outgoing) => {
    const path = (incoming.url ?? '/').replace(below, '');
    open.push(path);
    const headers = { ...incoming.headers, host: target.host, 'x-forwarded-host': incoming.headers.host };
    const asked = request(
      { host: target.hostname, port: target.port, path, method: incoming.method, headers },
      (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
        // the browser sees a broken answer, too
        answer.on('error', () => outgoing.destroy());
      },
    );
    asked.on('error', () => outgoing.destroy());
    outgoing.on('close', () => {
      open.splice(open.indexOf(path), 1);
      asked.destroy();
    });
    incoming.pipe(asked);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    open: (path) => open.filter((one) => one === path).length,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

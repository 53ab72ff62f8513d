import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { accessibilityProblems, openBrowser, type TestBrowser } from '../src/browser.js';
import { keepScreenshot } from '../src/screenshots.js';
import { makeSite, type Site } from '../src/site.js';
import { afterFirstRuns, makeWebSite, type WebSite } from '../src/web-site.js';

let site: WebSite;
let browser: TestBrowser;
/** A worker that is killed after its mirror has run: it is lost at the end of these tests. */
let gamma: Site;

beforeAll(async () => {
  [site, browser] = await Promise.all([makeWebSite(), openBrowser()]);
  gamma = await makeSite({
    worker: 'gamma',
    otherManagers: [site.alpha.managers[0].url],
    only: true,
    mirrors: '[[mirrors]]\nname = "left"\nprovider = "command"\nupstream = "none"\ncommand = "true"\n',
  });
  const killed = await gamma.startWorker();
  await gamma.waitForStatus('left', ({ status }) => status === 'success');
  killed.kill('SIGKILL');
  await killed.ended;
  await afterFirstRuns(site);
});

afterAll(async () => {
  await browser[Symbol.asyncDispose]();
  await gamma[Symbol.asyncDispose]();
  await site[Symbol.asyncDispose]();
});

/** Every page, and a text that it contains. */
const pages = [
  { name: 'overview', path: '', shows: 'Needs attention' },
  { name: 'mirrors', path: 'mirrors', shows: 'broken' },
  { name: 'mirrors-failed', path: 'mirrors?state=failed', shows: 'angry' },
  { name: 'mirror-now', path: 'mirrors/alpha/talk', shows: 'Upcoming runs' },
  { name: 'mirror-runs', path: 'mirrors/alpha/broken?tab=runs', shows: 'Log' },
  { name: 'mirror-log', path: 'mirrors/beta/angry?tab=log', shows: '<img src=x' },
  { name: 'mirror-config', path: 'mirrors/alpha/talk?tab=config', shows: 'MIRROR_PASSWORD' },
  { name: 'workers', path: 'workers', shows: 'beta' },
  { name: 'timeline', path: 'timeline', shows: 'alpha' },
  { name: 'status', path: 'status', shows: 'broken' },
  { name: 'api', path: 'api', shows: 'API of the manager' },
];

describe.each(['light', 'dark'] as const)('in %s', (colorScheme) => {
  test.each(pages)(
    '$name: axe finds no violations, no request leaves the origin, no script fails',
    async (shown) => {
      for (const [width, height] of [
        [1280, 800],
        [390, 844],
      ] as const) {
        await using look = await browser.look(site.url + shown.path, {
          colorScheme,
          viewport: { width, height },
        });
        const { page, problems } = look;
        await page.getByText(shown.shows).filter({ visible: true }).first().waitFor();
        await keepScreenshot(page, `${shown.name}-${colorScheme}-${width}`);
        expect(await accessibilityProblems(page)).toEqual([]);
        expect(problems).toEqual([]);
        // nothing overflows to the right
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
        expect(await page.title()).not.toContain('owned');
        expect(await page.content()).not.toContain('hunter2');
      }
    },
  );
});

test('a killed worker is lost together with its mirror, and can be removed', async () => {
  await using look = await browser.look(site.url);
  const { page, problems } = look;
  // the worker is lost after three missed heartbeats, a minute and a half
  const attention = page.getByRole('region', { name: 'Needs attention' });
  await attention.getByText('gamma').first().waitFor({ timeout: 300_000 });
  await keepScreenshot(page, 'worker-lost');
  await page.goto(`${site.url}mirrors/gamma/left`);
  await page
    .getByText(/gamma is lost/)
    .first()
    .waitFor();
  await page.goto(`${site.url}workers`);
  await page.getByRole('button', { name: /Remove worker gamma/ }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('gamma').first().waitFor();
  await keepScreenshot(page, 'worker-remove');
  await dialog.getByRole('button', { name: 'Remove', exact: true }).click();
  await page.getByRole('region', { name: 'gamma' }).waitFor({ state: 'detached' });
  const answer = await fetch(new URL('../workers', site.url));
  const workers = (await answer.json()) as { id: string }[];
  expect(workers.map(({ id }) => id).sort()).toEqual(['alpha', 'beta']);
  expect(problems).toEqual([]);
});

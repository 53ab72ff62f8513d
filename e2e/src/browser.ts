import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { programPath } from './program-path.js';

/** A page under test, and the problems that occurred in it. */
export interface Look extends AsyncDisposable {
  readonly page: Page;
  /** Errors of scripts and of the console, and requests to other origins. */
  readonly problems: readonly string[];
}

/** Debian's Chromium. Each look has a context of its own, like a new browser. */
export interface TestBrowser extends AsyncDisposable {
  /** Opens a page. @param url - its origin is the only one that the page may request from */
  look(url: string, options?: BrowserContextOptions): Promise<Look>;
}

/** Milliseconds that Playwright waits for something on a page; the machine may be busy. */
const patienceMs = 60_000;

/** Starts the browser. */
export async function openBrowser(): Promise<TestBrowser> {
  const browser = await chromium.launch({
    executablePath: await programPath('chromium'),
    args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu'],
  });
  return {
    look: (url, options) => lookAt(browser, url, options),
    [Symbol.asyncDispose]: () => browser.close(),
  };
}

async function lookAt(browser: Browser, url: string, options: BrowserContextOptions = {}): Promise<Look> {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    locale: 'en-GB',
    reducedMotion: 'reduce',
    ...options,
  });
  context.setDefaultTimeout(patienceMs);
  const page = await context.newPage();
  const problems: string[] = [];
  const { origin } = new URL(url);
  context.on('request', (request) => {
    const asked = request.url();
    if (!asked.startsWith('data:') && new URL(asked).origin !== origin) problems.push(`request to ${asked}`);
  });
  page.on('pageerror', (error) => problems.push(`error ${error.message}`));
  page.on('console', (message) => {
    // network errors while the manager is down are not the page's fault
    if (message.type() === 'error' && !/Failed to load resource|net::ERR_/.test(message.text())) {
      problems.push(`console ${message.text()}`);
    }
  });
  await page.goto(url);
  return { page, problems, [Symbol.asyncDispose]: () => context.close() };
}

let axeSource: Promise<string> | undefined;

/** Violations that axe finds in the current page: rules with their elements. */
export async function accessibilityProblems(page: Page): Promise<string[]> {
  axeSource ??= readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  // evaluated by the debugger, as the policy of the page blocks scripts
  await page.evaluate(await axeSource);
  const violations = await page.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: {
        run: () => Promise<{
          violations: { id: string; nodes: { html: string; failureSummary?: string }[] }[];
        }>;
      };
    };
    return (await axe.run()).violations;
  });
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary = '' }) => `${id}: ${html.slice(0, 200)} ${failureSummary}`),
  );
}

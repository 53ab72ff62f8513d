import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';

/** A folder that git ignores, for people to look at. */
const folder = fileURLToPath(new URL('../../tmp/screenshots/', import.meta.url));

/** Saves a screenshot of a page. */
export async function keepScreenshot(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: `${folder}${name}.png`, animations: 'disabled' });
}

import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';

/** An ignored folder, for people to look at. */
const folder = fileURLToPath(new URL('../../tmp/screenshots/', import.meta.url));

/** Keeps what a page looks like. */
export async function keepScreenshot(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: `${folder}${name}.png`, animations: 'disabled' });
}

import { readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The anchor of a heading, as GitHub makes it. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replaceAll(' ', '-');

test('links between the pages lead to files and headings that are there', async () => {
  const docs = await readdir(join(root, 'docs'), { recursive: true });
  const pages = ['README.md', 'CONTRIBUTING.md', ...docs.map((name) => join('docs', name))].filter((name) =>
    name.endsWith('.md'),
  );
  expect(pages.length).toBeGreaterThan(10);
  const broken: string[] = [];
  for (const page of pages) {
    const text = (await readFile(join(root, page), 'utf8')).replaceAll(/^ *```.*?^ *```$/gms, '');
    for (const [, link = ''] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^\w+:/.test(link)) continue;
      const [path = '', anchor] = link.split('#');
      const target = path === '' ? join(root, page) : join(root, dirname(page), path);
      if ((await stat(target).catch(() => undefined)) === undefined) broken.push(`${page}: ${link}`);
      else if (anchor !== undefined) {
        const headings = (await readFile(target, 'utf8')).matchAll(/^#+ (.*)$/gm);
        if (![...headings].some(([, heading = '']) => anchorOf(heading) === anchor))
          broken.push(`${page}: ${link}`);
      }
    }
  }
  expect(broken).toEqual([]);
});

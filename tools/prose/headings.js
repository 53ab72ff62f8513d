// @ts-check
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../setup/run.js';

/**
 * References such as `docs/tls.md, "Renewal"` to pages or headings that do not exist.
 *
 * @param {import('./texts.js').Text} text
 * @returns {string[]}
 */
export function brokenReferences({ text }) {
  return [
    ...text.matchAll(
      /\b((?:docs|libs|apps)\/[\w/.-]+\.md|README\.md|CONTRIBUTING\.md)(?:, ["“]([^"”]+)["”])?/g,
    ),
  ].flatMap(([, page = '', heading]) => {
    if (!existsSync(join(root, page))) return [`there is no page ${page}`];
    if (heading === undefined || headings(page).has(heading)) return [];
    return [`${page} has no heading “${heading}”`];
  });
}

/** @type {Map<string, Set<string>>} */
const known = new Map();

/** @param {string} page */
function headings(page) {
  const found =
    known.get(page) ??
    new Set(
      [...readFileSync(join(root, page), 'utf8').matchAll(/^#+\s+(.*?)\s*$/gm)].map(([, text = '']) =>
        text.replaceAll('`', ''),
      ),
    );
  known.set(page, found);
  return found;
}

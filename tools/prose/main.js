// @ts-check
/**
 * `npm run check:prose [-- <folder or file>…]`: spelling, banned phrases and references to headings, in pages,
 * comments, messages and test titles. Without arguments it checks everything; findings in the folders of `known.json`
 * are counted, but do not fail the check.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { root, run, runTool } from '../setup/run.js';
import { brokenReferences } from './headings.js';
import { bannedPhrases } from './phrases.js';
import { textsOf } from './texts.js';

/** Not English, or not written here. */
const excluded =
  /(^|\/)(node_modules|dist|fixtures|coverage|tmp|zh|\.git|\.nx|\.tunasync)(\/|$)|^docs\/api\/|^tools\/prose\/phrases\.js$/;

/**
 * @param {string} path - relative to the workspace's root
 * @returns {string[]} files with prose at or below it
 */
function files(path) {
  if (excluded.test(path)) return [];
  const at = join(root, path);
  if (statSync(at).isDirectory())
    return readdirSync(at)
      .sort()
      .flatMap((name) => files(path === '' ? name : `${path}/${name}`));
  return /\.(md|ts|tsx|js|mjs|cjs)$/.test(path) ? [path] : [];
}

/** @param {string} file */
function findings(file) {
  return textsOf(file, readFileSync(join(root, file), 'utf8')).flatMap((text) =>
    [...bannedPhrases(text), ...brokenReferences(text)].map(
      (problem) => `${file}:${text.line} ${text.kind}: ${problem}`,
    ),
  );
}

/** @param {string[]} wanted - folders or files; everything when empty */
async function main(wanted) {
  const paths = wanted.map((path) => relative(root, resolve(path)));
  /** @type {string[]} */
  const known =
    wanted.length > 0 ? [] : JSON.parse(readFileSync(new URL('known.json', import.meta.url), 'utf8'));
  /** @type {Map<string, number>} */
  const excused = new Map(known.map((folder) => [folder, 0]));
  let failed = 0;
  const checked = (paths.length > 0 ? paths : ['']).flatMap(files);
  for (const file of checked) {
    const found = findings(file);
    const folder = known.find((candidate) => file === candidate || file.startsWith(`${candidate}/`));
    if (folder !== undefined) {
      excused.set(folder, (excused.get(folder) ?? 0) + found.length);
      continue;
    }
    failed += found.length;
    for (const line of found) process.stdout.write(`${line}\n`);
  }
  for (const [folder, count] of excused) process.stdout.write(`${folder}: ${count} known findings\n`);
  const spelling = await run(
    join(root, 'node_modules/.bin/cspell'),
    [
      'lint',
      '--no-progress',
      '--no-summary',
      '--no-must-find-files',
      '--dot',
      ...(paths.length > 0 ? checked : []),
    ],
    {},
  );
  process.stdout.write(`prose: ${failed} phrases and references\n`);
  return failed === 0 && spelling === 0 ? 0 : 1;
}

await runTool(() => main(process.argv.slice(2)));

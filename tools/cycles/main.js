// @ts-check
/**
 * `npm run check:cycles [-- <package>…]`: import cycles between files and between folders of a package. Without
 * arguments it checks all packages; cycles of the packages in `known.json` are counted, but do not fail the check.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, runTool, ToolError } from '../setup/run.js';
import { cycles, folderGraph, importGraphs } from './graph.js';

/** Folders with sources: those of the packages, and the tools. */
function sourceFolders() {
  const packages = ['libs', 'apps'].flatMap((group) =>
    readdirSync(join(root, group)).flatMap((name) =>
      ['src', 'site'].map((sources) => `${group}/${name}/${sources}`),
    ),
  );
  return [...packages, 'e2e/src', 'tools'].filter((folder) => existsSync(join(root, folder)));
}

/**
 * @param {string} folder
 * @param {import('./graph.js').Graph} files
 * @returns {string[]} one line for each cycle
 */
function problems(folder, files) {
  const short = (/** @type {string} */ path) => (path === folder ? './' : path.slice(folder.length + 1));
  const show = (/** @type {string} */ kind, /** @type {string[]} */ cycle) =>
    `${folder}: ${kind} import each other: ${[...cycle, cycle[0] ?? ''].map(short).join(' → ')}`;
  const rooms = (/** @type {string} */ file) => {
    const [room, rest] = file.slice(folder.length + 1).split('/');
    return rest === undefined ? folder : `${folder}/${room}`;
  };
  const found = [
    ...cycles(files).map((cycle) => show('files', cycle)),
    ...cycles(folderGraph(files)).map((cycle) => show('folders', cycle)),
    ...cycles(folderGraph(files, rooms)).map((cycle) => show('folders', cycle)),
  ];
  return [...new Set(found)];
}

/** @param {string[]} wanted - names or folders of packages; all when empty */
async function main(wanted) {
  const names = wanted.map((name) => name.replace(/^(libs|apps)\//, '').replace(/\/$/, ''));
  const folders = sourceFolders().filter(
    (folder) => names.length === 0 || folder.split('/').some((part) => names.includes(part)),
  );
  if (folders.length === 0) throw new ToolError(`no such package: ${wanted.join(', ')}`);
  /** @type {string[]} */
  const known =
    names.length > 0 ? [] : JSON.parse(readFileSync(new URL('known.json', import.meta.url), 'utf8'));
  let failed = 0;
  for (const [folder, files] of await importGraphs(folders)) {
    const found = problems(folder, files);
    const excused = known.some((name) => folder.split('/').includes(name));
    if (excused) {
      process.stdout.write(`${folder}: ${found.length} known cycles\n`);
      continue;
    }
    failed += found.length;
    for (const line of found) process.stderr.write(`${line}\n`);
  }
  return failed === 0 ? 0 : 1;
}

await runTool(() => main(process.argv.slice(2)));

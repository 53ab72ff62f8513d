// @ts-check
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../setup/run.js';

/** @typedef {{ name: string, folder: string, bins: string[] }} Package */

/** All packages of the workspace that are published, in name order. @returns {Package[]} */
export function publishablePackages() {
  return ['apps', 'libs']
    .flatMap((group) => readdirSync(join(root, group)).map((name) => join(root, group, name)))
    .filter((folder) => existsSync(join(folder, 'package.json')))
    .flatMap((folder) => {
      const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
      return manifest.private ? [] : [{ name: manifest.name, folder, bins: Object.keys(manifest.bin ?? {}) }];
    })
    .sort((a, b) => a.name.localeCompare(b.name));
}

/**
 * The first `js` block of a package's README: its runnable example.
 *
 * @param {Package} pkg
 * @returns {string | undefined}
 */
export function readmeExample(pkg) {
  const readme = join(pkg.folder, 'README.md');
  if (!existsSync(readme)) return undefined;
  return /^```js\n(.*?)^```$/ms.exec(readFileSync(readme, 'utf8'))?.[1];
}

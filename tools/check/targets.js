// @ts-check
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../setup/run.js';

/** Folders of the workspace's projects. */
const projects = ['libs', 'apps', 'examples']
  .flatMap((group) => readdirSync(join(root, group)).map((name) => `${group}/${name}`))
  .concat('e2e', 'tools')
  .filter((folder) => existsSync(join(root, folder, 'package.json')));

/**
 * @param {string} target
 * @returns {string[]} folders of the projects that have it
 */
export const projectsWith = (target) =>
  projects.filter((folder) => {
    const manifest = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
    return manifest.nx?.targets?.[target] !== undefined;
  });

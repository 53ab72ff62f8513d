// @ts-check
import { dirname } from 'node:path';
import { cruise } from 'dependency-cruiser';
import { root } from '../setup/run.js';

/** File → files of the same package that it imports, types included. @typedef {Map<string, Set<string>>} Graph */

/**
 * Reads the imports between the files of each package.
 *
 * @param {string[]} folders - folders with sources, relative to the workspace's root, such as `libs/store/src`
 * @returns {Promise<Map<string, Graph>>} by folder
 */
export async function importGraphs(folders) {
  const { output } = await cruise(folders, {
    baseDir: root,
    doNotFollow: { path: 'node_modules' },
    includeOnly: folders.map((folder) => `^${folder}/`),
    tsConfig: { fileName: 'tsconfig.base.json' },
    tsPreCompilationDeps: true,
  });
  if (typeof output === 'string') throw new TypeError('dependency-cruiser returned text');
  /** @type {Map<string, Graph>} */
  const graphs = new Map(folders.map((folder) => [folder, new Map()]));
  for (const { source, dependencies } of output.modules) {
    const folder = folders.find((candidate) => source.startsWith(`${candidate}/`));
    if (folder === undefined) continue;
    const imports = dependencies
      .map(({ resolved }) => resolved)
      .filter((file) => file.startsWith(`${folder}/`) && file !== source);
    graphs.get(folder)?.set(source, new Set(imports));
  }
  return graphs;
}

/**
 * The same imports as edges between folders. The root folder of a package is a folder like the others.
 *
 * @param {Graph} files
 * @param {(file: string) => string} [folderOf]
 * @returns {Graph}
 */
export function folderGraph(files, folderOf = dirname) {
  /** @type {Graph} */
  const folders = new Map();
  for (const [file, imports] of files) {
    const from = folderOf(file);
    const to = folders.get(from) ?? new Set();
    for (const imported of imports) {
      const folder = folderOf(imported);
      if (folder !== from) to.add(folder);
    }
    folders.set(from, to);
  }
  return folders;
}

/**
 * One cycle for each group of nodes that import each other, a shortest one of the group.
 *
 * @param {Graph} graph
 * @returns {string[][]} each cycle without its first node repeated
 */
export function cycles(graph) {
  const seen = new Set();
  const found = [];
  for (const node of [...graph.keys()].sort()) {
    if (seen.has(node)) continue;
    const cycle = shortestCycle(graph, node);
    if (cycle === undefined) continue;
    for (const member of group(graph, node)) seen.add(member);
    found.push(cycle);
  }
  return found;
}

/**
 * @param {Graph} graph
 * @param {string} start
 * @returns {string[] | undefined} the nodes of the shortest way from `start` back to it
 */
function shortestCycle(graph, start) {
  /** @type {Map<string, string>} */
  const cameFrom = new Map();
  const queue = [start];
  for (let node = queue.shift(); node !== undefined; node = queue.shift()) {
    for (const next of graph.get(node) ?? []) {
      if (next === start) {
        const path = [node];
        for (let at = cameFrom.get(node); at !== undefined; at = cameFrom.get(at)) path.unshift(at);
        return path;
      }
      if (cameFrom.has(next)) continue;
      cameFrom.set(next, node);
      queue.push(next);
    }
  }
  return undefined;
}

/**
 * @param {Graph} graph
 * @param {string} start
 * @returns {Set<string>} the nodes that `start` reaches and that reach it
 */
function group(graph, start) {
  const reached = reachable(graph, start);
  return new Set([...reached].filter((node) => reachable(graph, node).has(start)));
}

/**
 * @param {Graph} graph
 * @param {string} start
 */
function reachable(graph, start) {
  /** @type {Set<string>} */
  const reached = new Set();
  const stack = [start];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    for (const next of graph.get(node) ?? []) {
      if (reached.has(next)) continue;
      reached.add(next);
      stack.push(next);
    }
  }
  return reached;
}

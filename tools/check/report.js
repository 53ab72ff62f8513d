// @ts-check
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from '../setup/run.js';

/** @typedef {{ passed: number, failed: number, skipped: number, skippedNames?: string[] }} Counts */

/**
 * Where a target leaves its counts. The file is an output of the target: with a result from Nx's cache comes its file.
 *
 * @param {string} project - folder of the project
 * @param {string} target
 */
const reportFile = (project, target) => join(root, 'tmp/reports', project, `${target}.json`);

/**
 * @param {string} project
 * @param {string} target
 * @param {Counts} counts
 */
export function writeReport(project, target, counts) {
  const file = reportFile(project, target);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify(counts));
}

/**
 * @param {string} project
 * @param {string} target
 * @returns {Counts} one failure when the target left no report
 */
export function readReport(project, target) {
  const file = reportFile(project, target);
  if (!existsSync(file)) return { passed: 0, failed: 1, skipped: 0 };
  return JSON.parse(readFileSync(file, 'utf8'));
}

/**
 * @param {Counts[]} all
 * @returns {Counts}
 */
export function sum(all) {
  return {
    passed: all.reduce((total, { passed }) => total + passed, 0),
    failed: all.reduce((total, { failed }) => total + failed, 0),
    skipped: all.reduce((total, { skipped }) => total + skipped, 0),
    skippedNames: all.flatMap(({ skippedNames }) => skippedNames ?? []),
  };
}

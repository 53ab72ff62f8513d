// @ts-check
import { existsSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { root } from '../setup/run.js';

/** @typedef {import('./reporter.js').MutantResult} MutantResult */
/** @typedef {{ planned: number, mutants: MutantResult[] }} Results */

/**
 * @param {string} file
 * @returns {Results}
 */
export function readResults(file) {
  const lines = existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
  const values = lines.filter((line) => line !== '').map((line) => JSON.parse(line));
  return {
    planned: values.find((value) => value.planned !== undefined)?.planned ?? 0,
    mutants: values.filter((value) => value.status !== undefined),
  };
}

/**
 * The faults that no test noticed, then the score of each file and of all.
 *
 * @param {Results} results
 * @returns {string}
 */
export function summary({ planned, mutants }) {
  const survivors = mutants.filter(({ status }) => status === 'Survived' || status === 'NoCoverage');
  const files = [...new Set(mutants.map(({ fileName }) => fileName))].sort();
  const scores = files.map((file) => {
    const all = mutants.filter(({ fileName }) => fileName === file);
    return `${score(all)}  ${relative(root, file)}`;
  });
  return [
    ...survivors.map(describe),
    '',
    ...scores,
    '',
    `score: ${score(mutants)} of ${mutants.length} faults that were tried, of ${planned}`,
    '',
  ].join('\n');
}

/** @param {MutantResult[]} mutants @returns {string} noticed per valid one, in percent */
function score(mutants) {
  const noticed = mutants.filter(({ status }) => status === 'Killed' || status === 'Timeout').length;
  const missed = mutants.filter(({ status }) => status === 'Survived' || status === 'NoCoverage').length;
  const valid = noticed + missed;
  return valid === 0 ? '    –' : `${((100 * noticed) / valid).toFixed(1).padStart(5)} %`;
}

/** @param {MutantResult} mutant */
function describe({ status, fileName, location, mutatorName, replacement = '' }) {
  const { start, end } = location;
  const lines = readFileSync(join(root, relative(root, fileName)), 'utf8').split('\n');
  const first = lines[start.line - 1] ?? '';
  const old =
    start.line === end.line
      ? first.slice(start.column - 1, end.column - 1)
      : `${first.slice(start.column - 1)} …`;
  const short = (/** @type {string} */ text) => text.replaceAll(/\s+/g, ' ').slice(0, 100);
  const uncovered = status === 'NoCoverage' ? ' (no test runs it)' : '';
  return `${relative(root, fileName)}:${start.line}:${start.column} ${mutatorName}${uncovered}: ${short(old)} → ${short(replacement)}`;
}

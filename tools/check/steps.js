// @ts-check
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, run } from '../setup/run.js';
import { nxEnv } from '../setup/setup.js';

/** @typedef {{ passed: number, failed: number, skipped: number, skippedNames?: string[] }} Counts */
/** @typedef {{ name: string, check: () => Promise<Counts> }} Step */

/** @param {string} program - `node`, or a command of node_modules/.bin */
const resolveProgram = (program) =>
  program === 'node' ? process.execPath : join(root, 'node_modules/.bin', program);

/**
 * A step that is one command: one test, passed when it exits with 0.
 *
 * @param {string} name
 * @param {string} program - from node_modules/.bin
 * @param {string[]} args
 * @param {Record<string, string>} [env]
 * @returns {Step}
 */
function command(name, program, args, env = {}) {
  return {
    name,
    check: async () => {
      const code = await run(resolveProgram(program), args, { env, quiet: true });
      return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0 };
    },
  };
}

/**
 * A step that is a Jest run; its tests are counted from Jest's own report.
 *
 * @param {string} name
 * @param {string[]} args
 * @returns {Step}
 */
function jest(name, args) {
  return {
    name,
    check: async () => {
      const report = join(root, 'tmp', `jest-${name}.json`);
      const code = await run(
        resolveProgram('jest'),
        ['--json', `--outputFile=${report}`, '--testLocationInResults=false', ...args],
        // what Jest prints as JSON goes to the file; what it tells people goes to standard error
        { env: { NODE_OPTIONS: '--experimental-vm-modules --no-warnings', FORCE_COLOR: '0' }, quiet: true },
      );
      return countJest(report, code);
    },
  };
}

/**
 * @param {string} report
 * @param {number} code - exit code of Jest
 * @returns {Counts}
 */
function countJest(report, code) {
  if (!existsSync(report)) return { passed: 0, failed: 1, skipped: 0 };
  const result = JSON.parse(readFileSync(report, 'utf8'));
  const broken = result.numRuntimeErrorTestSuites;
  const failed = result.numFailedTests + broken;
  return {
    passed: result.numPassedTests,
    failed: code !== 0 && failed === 0 ? 1 : failed,
    skipped: result.numPendingTests + result.numTodoTests,
    skippedNames: result.testResults.flatMap((/** @type {any} */ suite) =>
      suite.assertionResults
        .filter((/** @type {any} */ test) => test.status === 'pending' || test.status === 'todo')
        .map((/** @type {any} */ test) => test.fullName),
    ),
  };
}

/** Everything that `npm test` checks, in order. @type {Step[]} */
export const steps = [
  command('format', 'prettier', ['--check', '.']),
  command('references', 'nx', ['sync:check'], nxEnv),
  command('build', 'nx', ['run-many', '-t', 'build'], nxEnv),
  command('types', 'tsc', ['--build']),
  command('lint', 'eslint', ['.', '--max-warnings', '0'], nxEnv),
  command('dead code', 'knip', []),
  command('cycles', 'node', ['tools/cycles/main.js']),
  command('prose', 'node', ['tools/prose/main.js']),
  command('docs', 'node', ['tools/docs/main.js', '--check']),
  // as many as there are cores: on two, Jest would take one, and its memory grows from file to file
  jest('unit', ['--maxWorkers=2', '--workerIdleMemoryLimit=1G']),
  jest('e2e', ['-c', 'e2e/jest.config.js', '--maxWorkers=2']),
  // needs what the set-up installs, so it is loaded only then
  { name: 'packages', check: async () => (await import('../packages/check-packages.js')).checkPackages() },
];

// @ts-check
/**
 * Runs the command of an Nx target, bounded in time, and leaves its counts as a report:
 *
 *     node tools/check/task.js <folder of the project> <target> <minutes> <program> [arguments…]
 *
 * `jest` counts its tests; any other program counts as one test, which passes when it exits with 0. The output of the
 * command is shown when it fails. `node` runs the same Node.js; other programs come from node_modules/.bin.
 */
import { mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root, runTool } from '../setup/run.js';
import { jestCounts } from './jest-counts.js';
import { writeReport } from './report.js';
import { runBounded } from './run-bounded.js';

/** @param {string[]} parameters */
async function main([project = '', target = '', minutes = '', program = '', ...args]) {
  const isJest = program === 'jest';
  const report = join(root, 'tmp/jest', project, `${target}.json`);
  mkdirSync(dirname(report), { recursive: true });
  rmSync(report, { force: true });
  const { code, output, timedOut } = await runBounded(
    program === 'node' ? process.execPath : join(root, 'node_modules/.bin', program),
    isJest ? ['--json', `--outputFile=${report}`, '--testLocationInResults=false', ...args] : args,
    {
      cwd: root,
      // Jest prints its JSON to the file and its messages for people to standard error
      env: isJest ? { NODE_OPTIONS: '--experimental-vm-modules --no-warnings', FORCE_COLOR: '0' } : {},
      limitMs: Number(minutes) * 60_000,
    },
  );
  const one = code === 0 ? { passed: 1, failed: 0, skipped: 0 } : { passed: 0, failed: 1, skipped: 0 };
  const counts = isJest ? jestCounts(report, code) : one;
  writeReport(project, target, counts);
  if (code !== 0) process.stderr.write(output);
  if (timedOut) process.stderr.write(`${project} ${target}: killed after ${minutes} minutes\n`);
  return counts.failed === 0 ? 0 : 1;
}

await runTool(() => main(process.argv.slice(2)));

// @ts-check
/**
 * `npm test [-- <target>…]`: sets up, runs every check and ends with one line that sums up the tests of all of them.
 * Nx runs the targets and keeps their results: a target whose inputs have not changed is not run again.
 */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { root, runTool, ToolError } from '../setup/run.js';
import { nxEnv, setUp, testPrograms } from '../setup/setup.js';
import { readReport, sum } from './report.js';
import { runBounded } from './run-bounded.js';
import { steps } from './steps.js';
import { projectsWith } from './targets.js';

/** Minutes that Nx may take for one step, which is more than the limits of its targets allow. */
const stepMinutes = 60;

/**
 * @param {string[]} targets
 * @returns {Promise<import('./report.js').Counts[]>} one for each target
 */
async function runStep(targets) {
  const start = Date.now();
  const { code, output, timedOut } = await runBounded(
    join(root, 'node_modules/.bin/nx'),
    ['run-many', '-t', targets.join(','), '--parallel=2', '--output-style=static'],
    { cwd: root, env: nxEnv, limitMs: stepMinutes * 60_000 },
  );
  const seconds = Math.round((Date.now() - start) / 1000);
  const counts = targets.map((target) => {
    const all = projectsWith(target).map((project) => ({ project, ...readReport(project, target) }));
    const failed = all.filter((report) => report.failed > 0).map(({ project }) => project);
    const total = sum(all);
    print(target, total, failed);
    return total;
  });
  // without the commands that Nx announces
  if (code !== 0) process.stderr.write(output.replace(/^> .*\n\n*/gm, ''));
  if (timedOut) process.stderr.write(`killed after ${stepMinutes} minutes: ${targets.join(', ')}\n`);
  // such as a build that failed: what depends on it has not run and is counted already
  if (code !== 0 && sum(counts).failed === 0) counts.push({ passed: 0, failed: 1, skipped: 0 });
  process.stdout.write(`     ${seconds} s\n`);
  return counts;
}

/**
 * @param {string} target
 * @param {import('./report.js').Counts} counts
 * @param {string[]} projects - those that failed
 */
function print(target, { passed, failed, skipped, skippedNames = [] }, projects) {
  process.stdout.write(
    `${failed === 0 ? 'ok  ' : 'FAIL'} ${target.padEnd(12)} ${String(passed).padStart(5)} passed ` +
      `${String(failed).padStart(3)} failed ${String(skipped).padStart(3)} skipped  ${projects.join(', ')}`.trimEnd() +
      '\n',
  );
  for (const name of skippedNames) process.stdout.write(`     skipped: ${name}\n`);
}

/** @param {string[]} wanted - targets; all when empty */
async function main(wanted) {
  const unknown = wanted.filter((target) => !steps.flat().includes(target));
  if (unknown.length > 0)
    throw new ToolError(`no such target: ${unknown.join(', ')} (${steps.flat().join(', ')})`);
  await setUp(testPrograms);
  // a report that is missing is a failure: none of an earlier run may stay
  rmSync(join(root, 'tmp'), { recursive: true, force: true });
  const counts = [];
  for (const step of steps) {
    const targets = step.filter((target) => wanted.length === 0 || wanted.includes(target));
    if (targets.length > 0) counts.push(...(await runStep(targets)));
  }
  const { passed, failed, skipped } = sum(counts);
  process.stdout.write(`tests: ${passed} passed, ${failed} failed, ${skipped} skipped\n`);
  return failed === 0 ? 0 : 1;
}

await runTool(() => main(process.argv.slice(2)));

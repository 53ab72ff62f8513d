// @ts-check
/**
 * `npm run test:load [-- --runs N] [--again] [part of a path…]`: runs all tests, slow ones too, three times on a machine
 * that `stress-ng --cpu 4 --io 2` keeps busy. The test files that passed are kept in `tmp/load.json`: a run that was
 * stopped resumes with the others. `--again` starts over.
 *
 * It takes an hour or more, so it is not part of `npm test`.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runBounded } from '../check/run-bounded.js';
import { root, runTool } from '../setup/run.js';
import { build, setUp, testPrograms } from '../setup/setup.js';

/** `run:file` of the test files that passed. */
const stateFile = join(root, 'tmp/load.json');

/** Minutes that one Jest run may take. */
const limitMinutes = 45;

/** Test files by the folder of their package. @returns {Map<string, string[]>} */
function testFiles() {
  const folders = ['libs', 'apps']
    .flatMap((group) => readdirSync(join(root, group)).map((name) => `${group}/${name}`))
    .concat('e2e')
    .filter((folder) => existsSync(join(root, folder, 'test')));
  return new Map(
    folders.map((folder) => [
      folder,
      readdirSync(join(root, folder, 'test'), { recursive: true, encoding: 'utf8' })
        .filter((file) => /\.test\.tsx?$/.test(file))
        .map((file) => `${folder}/test/${file}`)
        .sort(),
    ]),
  );
}

/**
 * @param {string} folder - of the package
 * @param {string[]} files
 * @returns {Promise<{ passed: string[], failures: string[] }>}
 */
async function runTests(folder, files) {
  const report = join(root, 'tmp/load-jest.json');
  rmSync(report, { force: true });
  const { output, timedOut } = await runBounded(
    join(root, 'node_modules/.bin/jest'),
    [
      ...['-c', `${folder}/jest.config.js`, '--json', `--outputFile=${report}`],
      ...['--maxWorkers=2', '--workerIdleMemoryLimit=1G', '--runTestsByPath', ...files],
    ],
    {
      cwd: root,
      env: { NODE_OPTIONS: '--experimental-vm-modules --no-warnings', FORCE_COLOR: '0' },
      limitMs: limitMinutes * 60_000,
    },
  );
  if (!existsSync(report)) {
    const reason = timedOut ? `killed after ${limitMinutes} minutes` : output;
    return { passed: [], failures: [`${files.join(' ')}: ${reason}`] };
  }
  /** @type {{ name: string, status: string, message: string }[]} */
  const suites = JSON.parse(readFileSync(report, 'utf8')).testResults;
  const path = (/** @type {string} */ name) => name.slice(root.length + 1);
  return {
    passed: suites.filter(({ status }) => status === 'passed').map(({ name }) => path(name)),
    failures: suites
      .filter(({ status }) => status !== 'passed')
      .map(({ name, message }) => `${path(name)}\n${message}`),
  };
}

/**
 * @param {number} runs
 * @param {string[]} parts
 * @returns {Promise<number>} how many test files failed
 */
async function runAll(runs, parts) {
  const passed = new Set(existsSync(stateFile) ? JSON.parse(readFileSync(stateFile, 'utf8')) : []);
  let failed = 0;
  for (let run = 1; run <= runs; run++) {
    for (const [folder, all] of testFiles()) {
      const files = all.filter(
        (file) =>
          !passed.has(`${run}:${file}`) && (parts.length === 0 || parts.some((part) => file.includes(part))),
      );
      // a file of e2e takes up to minutes: what it found is kept at once
      const batches = folder === 'e2e' ? files.map((file) => [file]) : files.length > 0 ? [files] : [];
      for (const batch of batches) {
        const result = await runTests(folder, batch);
        for (const file of result.passed) passed.add(`${run}:${file}`);
        writeFileSync(stateFile, JSON.stringify([...passed]));
        failed += batch.length - result.passed.length;
        process.stdout.write(
          `run ${run}: ${batch.length > 1 ? folder : batch[0]}: ${result.passed.length}/${batch.length}\n`,
        );
        for (const failure of result.failures) process.stdout.write(`FAIL ${failure}\n`);
      }
    }
  }
  return failed;
}

await runTool(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { runs: { type: 'string', default: '3' }, again: { type: 'boolean', default: false } },
  });
  await setUp([...testPrograms, 'stress-ng']);
  await build();
  mkdirSync(join(root, 'tmp'), { recursive: true });
  if (values.again) rmSync(stateFile, { force: true });
  const load = spawn('stress-ng', ['--cpu', '4', '--io', '2'], { stdio: 'ignore' });
  try {
    const failed = await runAll(Number(values.runs), positionals);
    process.stdout.write(`${failed} test files failed\n`);
    return failed === 0 ? 0 : 1;
  } finally {
    load.kill('SIGINT');
  }
});

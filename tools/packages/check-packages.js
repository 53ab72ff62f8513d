// @ts-check
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root, ToolError } from '../setup/run.js';
import { exampleChecks, metadataChecks, usageChecks } from './checks.js';
import { pruneDist } from './prune-dist.js';
import { publishablePackages } from './publishable.js';
import { runCaptured } from './run-captured.js';

/** How many checks run at a time. */
const parallel = 2;

/**
 * Packs the packages into `folder`.
 *
 * @param {import('./publishable.js').Package[]} packages
 * @param {string} folder
 * @returns {Promise<Map<string, string>>} package name → tarball
 */
async function pack(packages, folder) {
  for (const pkg of packages) pruneDist(pkg.folder);
  const workspaces = packages.flatMap(({ name }) => ['-w', name]);
  const args = ['pack', '--ignore-scripts', '--pack-destination', folder, ...workspaces];
  const result = await runCaptured('npm', args, { cwd: root, timeoutMs: 180_000 });
  if (result.code !== 0) throw new ToolError(`npm pack failed: ${result.stderr}`);
  const files = readdirSync(folder);
  return new Map(
    packages.map(({ name }) => {
      const start = `${name.replace('@', '').replace('/', '-')}-`;
      const file = files.find((candidate) => new RegExp(`^${start}\\d`).test(candidate));
      if (file === undefined) throw new ToolError(`npm pack made no tarball of ${name}`);
      return [name, join(folder, file)];
    }),
  );
}

/**
 * Installs tarballs, all together, into an empty folder.
 *
 * @param {Iterable<string>} tarballs
 * @param {string} folder
 */
async function install(tarballs, folder) {
  writeFileSync(join(folder, 'package.json'), '{ "name": "user", "private": true }\n');
  const args = ['install', '--no-audit', '--no-fund', '--loglevel=error', ...tarballs];
  const result = await runCaptured('npm', args, { cwd: folder, timeoutMs: 300_000 });
  if (result.code !== 0) throw new ToolError(`the packages do not install: ${result.stderr}`);
}

/**
 * Packs every publishable package, installs the tarballs outside of the workspace and uses them as a user would.
 * The packages must be built.
 *
 * @returns {Promise<{ passed: number, failed: number, skipped: number }>}
 */
export async function checkPackages() {
  const temporary = mkdtempSync(join(tmpdir(), 'tunasync-packages-'));
  try {
    const packages = publishablePackages();
    const [packed, user] = ['packed', 'user'].map((name) => join(temporary, name));
    if (packed === undefined || user === undefined) return { passed: 0, failed: 1, skipped: 0 };
    mkdirSync(packed);
    mkdirSync(user);
    const tarballs = await pack(packages, packed);
    await install(tarballs.values(), user);
    const queue = [
      ...packages.flatMap((pkg) => metadataChecks(pkg, tarballs.get(pkg.name) ?? '')),
      ...packages.flatMap((pkg) => usageChecks(pkg, user)),
      ...exampleChecks(user),
    ];
    return await runChecks(queue);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

/** @param {import('./checks.js').Check[]} queue */
async function runChecks(queue) {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  const worker = async () => {
    for (let check = queue.shift(); check !== undefined; check = queue.shift()) {
      const problem = await check.problem();
      if (problem === undefined) {
        counts.passed += 1;
      } else {
        counts.failed += 1;
        process.stderr.write(`FAIL ${check.name}: ${problem}\n`);
      }
    }
  };
  await Promise.all(Array.from({ length: parallel }, worker));
  return counts;
}

// @ts-check
/** `npm test`: sets up, runs every check and ends with one line that sums up the tests of all of them. */
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { root, runTool } from '../setup/run.js';
import { setUp } from '../setup/setup.js';
import { steps } from './steps.js';

/** @param {string[]} wanted - names of steps; all when empty */
async function main(wanted) {
  await setUp([
    'rsync',
    'redis-server',
    'dockerd',
    'busybox',
    'btrfs',
    'apt-ftparchive',
    'openssl',
    'systemd-analyze',
    'tini',
    'zsh',
    'fish',
    'chromium',
  ]);
  rmSync(join(root, 'tmp'), { recursive: true, force: true });
  mkdirSync(join(root, 'tmp'));
  const sum = { passed: 0, failed: 0, skipped: 0 };
  for (const { name, check } of steps) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    const start = Date.now();
    const counts = await check();
    const seconds = ((Date.now() - start) / 1000).toFixed(1);
    sum.passed += counts.passed;
    sum.failed += counts.failed;
    sum.skipped += counts.skipped;
    process.stdout.write(
      `${counts.failed === 0 ? 'ok  ' : 'FAIL'} ${name.padEnd(12)} ${String(counts.passed).padStart(5)} passed ` +
        `${String(counts.failed).padStart(3)} failed ${String(counts.skipped).padStart(3)} skipped ${seconds.padStart(6)} s\n`,
    );
    for (const skipped of counts.skippedNames ?? []) process.stdout.write(`     skipped: ${skipped}\n`);
  }
  process.stdout.write(`tests: ${sum.passed} passed, ${sum.failed} failed, ${sum.skipped} skipped\n`);
  return sum.failed === 0 ? 0 : 1;
}

await runTool(() => main(process.argv.slice(2)));

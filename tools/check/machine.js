// @ts-check
/**
 * Prints the properties of this machine that decide how tests run and which of them are skipped. Nx adds it to the
 * inputs of test targets, so that results come from the cache only on a machine like the one that made them.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { release } from 'node:os';
import { debianPackages } from '../setup/setup.js';

const versions = spawnSync('dpkg-query', ['-W', ...Object.values(debianPackages)], { encoding: 'utf8' });
process.stdout.write(
  [
    process.version,
    process.arch,
    release(),
    process.getuid?.(),
    process.env['TZ'],
    process.env['LANG'],
    existsSync('/sys/fs/cgroup/cgroup.controllers') ? 'cgroup v2' : 'cgroup v1',
    existsSync('/dev/loop-control'),
    versions.stdout,
  ].join('\n'),
);

import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A mount of a test; `await using` takes it away. */
export type Mount = AsyncDisposable;

async function mount(target: string, ...args: string[]): Promise<Mount> {
  await run('mount', [...args, target]);
  return {
    [Symbol.asyncDispose]: async () => {
      await run('umount', [target]);
    },
  };
}

/** Whether this process may mount file systems; tests that do are skipped where it may not. */
export function canMount(): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'mount-'));
  try {
    if (spawnSync('mount', ['-t', 'tmpfs', 'tmpfs', folder]).status !== 0) return false;
    return spawnSync('umount', [folder]).status === 0;
  } finally {
    rmdirSync(folder);
  }
}

/** Whether a btrfs can be mounted here. */
export function canMountBtrfs(): boolean {
  return readFileSync('/proc/filesystems', 'utf8').includes('\tbtrfs\n') && canMount();
}

/** Lets a folder be seen at another one too, which becomes a mount point. Needs root. */
export function bindMount(source: string, target: string): Promise<Mount> {
  return mount(target, '--bind', source);
}

/**
 * Mounts an empty file system in memory. Needs root.
 *
 * @param options - of tmpfs(5), such as `size=64k` or `nr_inodes=4`
 */
export function tmpfsMount(target: string, options: string): Promise<Mount> {
  return mount(target, '-t', 'tmpfs', '-o', options, 'tmpfs');
}

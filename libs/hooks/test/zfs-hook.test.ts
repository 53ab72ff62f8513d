import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { bindMount, canMount, tempDir } from '@tunasync/test-utils';
import { createHooks, HookRunner, zfsHook, type ZfsHookOptions } from '../src/index.js';
import { mountPoints } from '../src/mount-points.js';
import { fixture } from './fixture.js';

const withMounts = canMount() ? test : test.skip;

/** Runs `pre-job` for a mirror with this working folder. */
async function preJob(
  workingDir: string,
  options: Partial<ZfsHookOptions> = {},
  name = 'debian',
): Promise<void> {
  await using run = await fixture({ name, workingDir });
  const plugin = zfsHook({ zpool: 'tank', uid: 0, ...options });
  await new HookRunner(createHooks([plugin], run.mirror)).run('pre-job', run.context);
}

describe('zfs hook', () => {
  test('a missing working folder ends the run, with the commands that make the dataset', async () => {
    await expect(preJob('/no/such/Debian CD', {}, 'Debian-CD')).rejects.toThrow(
      'error exec hook pre-job: working folder /no/such/Debian CD does not exist; you may create the ZFS dataset with: ' +
        "zfs create 'tank/debian-cd' && zfs set mountpoint='/no/such/Debian CD' 'tank/debian-cd'",
    );
  });

  test('the commands give the folder to a worker that does not run as root, and are safe to paste', async () => {
    await expect(preJob("/no/it's", { uid: 1000 })).rejects.toThrow(
      "zfs set mountpoint='/no/it'\\''s' 'tank/debian' && chown 1000 '/no/it'\\''s'",
    );
  });

  test('a plain folder is not a mount point', async () => {
    await using folder = await tempDir();
    await expect(preJob(folder.path)).rejects.toMatchObject({
      code: 'HOOK_FAILED',
      message: expect.stringContaining(`working folder ${folder.path} is not a mount point; you may create`),
      cause: expect.objectContaining({ code: 'HOOK_ZFS_NOT_MOUNTED' }),
    });
  });

  test('a file and a dangling link are no folders', async () => {
    await using folder = await tempDir();
    const file = join(folder.path, 'file');
    const link = join(folder.path, 'link');
    await writeFile(file, '');
    await symlink('nowhere', link);
    await expect(preJob(file)).rejects.toThrow(`working folder ${file} is not a folder; `);
    await expect(preJob(link)).rejects.toThrow(`working folder ${link} does not exist; `);
    await expect(preJob(join(file, 'below'))).rejects.toThrow(/pre-job: .*ENOTDIR/);
  });

  withMounts('a mount point lets the run begin, a folder in it does not', async () => {
    await using folder = await tempDir();
    const source = join(folder.path, 'source');
    const target = join(folder.path, 'with blank\tand \\040');
    await mkdir(join(source, 'sub'), { recursive: true });
    await mkdir(target);
    {
      await using _ = await bindMount(source, target);
      await preJob(target);
      await preJob(`${target}/`);
      await expect(preJob(join(target, 'sub'))).rejects.toThrow('is not a mount point');
    }
    await expect(preJob(target)).rejects.toThrow('is not a mount point');
  });

  withMounts(
    'a link to a mount point, and a link on the way to one, are as good as the mount point',
    async () => {
      await using folder = await tempDir();
      const target = join(folder.path, 'real', 'debian');
      await mkdir(target, { recursive: true });
      await symlink(target, join(folder.path, 'link'));
      await symlink('real', join(folder.path, 'way'));
      await using _ = await bindMount(target, target);
      await preJob(join(folder.path, 'link'));
      await preJob(join(folder.path, 'way', 'debian'));
    },
  );

  test('a mount table that cannot be read is an error, not a missing mount', async () => {
    await using folder = await tempDir();
    const missing = join(folder.path, 'mountinfo');
    await expect(preJob(folder.path, { mountInfoFile: missing })).rejects.toThrow(/ENOENT.*mountinfo/);
  });

  test('without a pool the configuration is wrong', async () => {
    await expect(preJob('/', { zpool: '' })).rejects.toMatchObject({
      code: 'HOOK_CONFIG_INVALID',
      message: 'zfs.zpool: expected the name of a pool',
    });
  });
});

test('mount points are the fifth field, with its octal escapes undone', () => {
  const points = mountPoints(
    [
      '36 35 98:0 /mnt1 /mnt/a\\040b rw,noatime master:1 - ext3 /dev/root rw,errors=continue',
      '37 35 0:5 / /tank/c\\134d\\011e\\012f rw - zfs tank/c rw',
      '',
    ].join('\n'),
  );
  expect([...points]).toEqual(['/mnt/a b', '/tank/c\\d\te\nf']);
});

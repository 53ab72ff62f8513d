import { execFileSync } from 'node:child_process';
import { access, mkdir, readdir, readFile, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { MirrorConfig } from '@tunasync/config';
import { btrfsVolume, canMountBtrfs, plainMirror, tempDir, type BtrfsVolume } from '@tunasync/test-utils';
import { hookContract } from '../src/contract.js';
import {
  btrfsSnapshotHook,
  builtInHooks,
  createHooks,
  HookRunner,
  type BtrfsSnapshotHookOptions,
  type HookStage,
  type ProgramRunner,
} from '../src/index.js';
import { runProgram } from '../src/run-program.js';
import { fixture, type Fixture } from './fixture.js';

const onBtrfs = canMountBtrfs() ? describe : describe.skip;

/** Runs `btrfs`, but for the subcommands in `broken`. */
const without =
  (...broken: string[]): ProgramRunner =>
  (options) =>
    runProgram(
      broken.includes(options.argv[2] ?? '')
        ? { ...options, argv: ['sh', '-c', 'echo no >&2; exit 3'] }
        : options,
    );

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

onBtrfs('btrfs snapshot hook', () => {
  let volume: BtrfsVolume;
  let count = 0;

  beforeAll(async () => {
    volume = await btrfsVolume();
  });
  afterAll(async () => {
    await volume.remove();
  });

  interface Site {
    run: Fixture;
    workingDir: string;
    snapshots: string;
    /** Runs a stage. */
    stage: (stage: HookStage, options?: Partial<BtrfsSnapshotHookOptions>) => Promise<void>;
    /** A whole run that writes `content` into the mirror. */
    sync: (content: string, options?: Partial<BtrfsSnapshotHookOptions>) => Promise<void>;
    /** The files that users of the snapshot see. */
    seen: () => Promise<string>;
  }

  /** A mirror in a part of the volume of its own. */
  async function site(fields: Partial<MirrorConfig> = {}): Promise<Site> {
    const base = join(volume.path, `site-${++count}`);
    const workingDir = join(base, 'mirrors', 'debian');
    const snapshots = join(base, 'snapshots');
    const run = await fixture({ workingDir, ...fields });
    const stage: Site['stage'] = (what, options = {}) => {
      const plugin = btrfsSnapshotHook({ snapshotPath: snapshots, env: process.env, ...options });
      return new HookRunner(createHooks([plugin], run.mirror)).run(what, run.context);
    };
    return {
      run,
      workingDir,
      snapshots,
      stage,
      async sync(content, options) {
        await stage('pre-job', options);
        await writeFile(join(run.mirror.workingDir, 'file'), content);
        await stage('post-success', options);
      },
      seen: () => readFile(join(snapshots, 'debian', 'file'), 'utf8'),
    };
  }

  test('makes the working folder as a subvolume and takes one that is there', async () => {
    const { run, workingDir, stage } = await site();
    await stage('pre-job');
    // the number that the root of every subvolume has
    expect((await stat(workingDir)).ino).toBe(256);
    expect(run.lines).toEqual([`notice debian: created the btrfs subvolume ${workingDir}`]);
    await writeFile(join(workingDir, 'file'), 'stays');
    await stage('pre-job');
    expect(await readFile(join(workingDir, 'file'), 'utf8')).toBe('stays');
    expect(run.lines).toHaveLength(1);
  });

  test('users see the state after each good run, and keep it through failed ones', async () => {
    const { run, workingDir, snapshots, stage, sync, seen } = await site();
    await sync('first');
    expect(await seen()).toBe('first');
    await writeFile(join(workingDir, 'file'), 'being synced');
    expect(await seen()).toBe('first');
    await stage('post-exec');
    await stage('post-fail');
    expect(await seen()).toBe('first');
    await sync('second');
    expect(await seen()).toBe('second');
    // writable
    await writeFile(join(snapshots, 'debian', 'file'), 'changed by hand');
    await sync('third');
    expect(await seen()).toBe('third');
    expect((await stat(join(snapshots, 'debian'))).ino).toBe(256);
    expect(await readdir(snapshots)).toEqual(['debian']);
    expect(run.lines.filter((line) => line.startsWith('info'))).toEqual(
      Array(3).fill(`info debian: made the btrfs snapshot ${join(snapshots, 'debian')}`),
    );
  });

  test('the mirror’s own snapshot_path wins, also when it is a link', async () => {
    const { run, workingDir, snapshots, sync } = await site();
    const own = join(workingDir, '..', '..', 'own', 'place');
    const link = join(workingDir, '..', '..', 'link');
    await mkdir(join(own, '..'), { recursive: true });
    await sync('global');
    Object.assign(run.mirror, { snapshotPath: own });
    await sync('own');
    await symlink(own, link);
    Object.assign(run.mirror, { snapshotPath: link });
    await sync('through the link');
    expect(await readFile(join(own, 'file'), 'utf8')).toBe('through the link');
    expect(await readFile(join(link, 'file'), 'utf8')).toBe('through the link');
    expect(await readFile(join(snapshots, 'debian', 'file'), 'utf8')).toBe('global');
    expect(await readdir(join(own, '..'))).toEqual(['place']);
  });

  test('an existing plain folder is an error, as working folder and in place of the snapshot', async () => {
    const { workingDir, snapshots, stage, sync } = await site();
    await mkdir(workingDir, { recursive: true });
    await expect(stage('pre-job')).rejects.toThrow(
      `error exec hook pre-job: ${workingDir} exists and is not a btrfs subvolume: move it away`,
    );
    await rm(workingDir, { recursive: true });
    await mkdir(join(snapshots, 'debian'), { recursive: true });
    await writeFile(join(snapshots, 'debian', 'file'), 'by somebody else');
    await expect(sync('x')).rejects.toThrow(
      `error exec hook post-success: ${join(snapshots, 'debian')} exists and is not a btrfs snapshot: move it away`,
    );
    expect(await readdir(snapshots)).toEqual(['debian']);
    expect(await readFile(join(snapshots, 'debian', 'file'), 'utf8')).toBe('by somebody else');
  });

  test('a folder on another file system is an error, and nothing is made there', async () => {
    await using folder = await tempDir();
    const { run, workingDir, stage, sync } = await site();
    Object.assign(run.mirror, { workingDir: join(folder.path, 'a', 'b') });
    await expect(stage('pre-job')).rejects.toThrow(
      `${join(folder.path, 'a', 'b')} is not on a btrfs file system, which btrfs_snapshot needs`,
    );
    Object.assign(run.mirror, { workingDir, snapshotPath: join(folder.path, 'snapshots', 'debian') });
    await expect(sync('x')).rejects.toThrow(
      `error exec hook post-success: ${join(folder.path, 'snapshots', 'debian')} is not on a btrfs`,
    );
    expect(await readdir(folder.path)).toEqual([]);
  });

  test('when the new snapshot cannot be made, users keep the old one, and the error has what btrfs says', async () => {
    const { snapshots, sync, seen } = await site();
    await sync('first');
    await expect(sync('second', { run: without('snapshot') })).rejects.toThrow(
      /^error exec hook post-success: cannot make a snapshot of .*\/mirrors\/debian: no$/,
    );
    expect(await seen()).toBe('first');
    expect(await readdir(snapshots)).toEqual(['debian']);
  });

  test('when the old one cannot be deleted, users have the new one, and the next run clears up', async () => {
    const { run, snapshots, sync, seen } = await site();
    await sync('first');
    await sync('second', { run: without('delete') });
    expect(await seen()).toBe('second');
    expect(run.lines.at(-1)).toBe(
      `warn debian: cannot delete the snapshot ${join(snapshots, '.debian.tunasync-old')}: no`,
    );
    // there is never more than one left over
    await expect(sync('third', { run: without('delete') })).rejects.toThrow('cannot delete the snapshot');
    expect(await seen()).toBe('second');
    await sync('fourth');
    expect(await seen()).toBe('fourth');
    expect(await readdir(snapshots)).toEqual(['debian']);
  });

  test.each(['new', 'old'])(
    'a crash between the renames is put right at the next run, from the %s one',
    async (left) => {
      const { run, snapshots, sync, stage, seen } = await site();
      await sync('before the crash');
      await rename(join(snapshots, 'debian'), join(snapshots, `.debian.tunasync-${left}`));
      await stage('pre-job');
      expect(await seen()).toBe('before the crash');
      expect(run.lines.at(-1)).toBe(
        `notice debian: put the btrfs snapshot ${join(snapshots, 'debian')} back after a crash`,
      );
      await sync('after it');
      expect(await seen()).toBe('after it');
      expect(await readdir(snapshots)).toEqual(['debian']);
    },
  );

  test('remains of a crash beside the snapshot are removed', async () => {
    const { workingDir, snapshots, sync, seen } = await site();
    await sync('first');
    for (const left of ['new', 'old']) {
      const target = join(snapshots, `.debian.tunasync-${left}`);
      execFileSync('btrfs', ['subvolume', 'snapshot', workingDir, target]);
    }
    await sync('second');
    expect(await seen()).toBe('second');
    expect(await readdir(snapshots)).toEqual(['debian']);
  });

  test('stopping the run ends a btrfs that hangs, and leaves the old snapshot', async () => {
    const { run, snapshots, sync, seen } = await site();
    await sync('first');
    const hanging: ProgramRunner = (options) => {
      setImmediate(() => {
        run.stop();
      });
      return runProgram({ ...options, argv: ['sleep', '1000'] });
    };
    await expect(sync('second', { run: hanging })).rejects.toThrow(
      /^error exec hook post-success: cannot make a snapshot of .*: signal: terminated$/,
    );
    expect(await seen()).toBe('first');
    expect(await readdir(snapshots)).toEqual(['debian']);
  });

  test('a missing btrfs program is named, with the package that has it', async () => {
    const { workingDir, stage } = await site();
    await expect(stage('pre-job', { env: { PATH: '/nonexistent' } })).rejects.toThrow(
      `cannot create the subvolume ${workingDir}: cannot run 'btrfs': there is no such program (it is in the package btrfs-progs)`,
    );
    expect(await exists(workingDir)).toBe(false);
  });

  hookContract({
    describe,
    test,
    plugin: btrfsSnapshotHook({ snapshotPath: '', env: process.env }),
    async mirror() {
      const { run, workingDir, snapshots } = await site();
      const mirror = { ...run.mirror, workingDir, snapshotPath: join(snapshots, 'own') };
      return { mirror, logFile: '', dispose: () => run.remove() };
    },
  });
});

describe('errors in the configuration of btrfs snapshots', () => {
  const create = (snapshotPath: string, fields: Partial<MirrorConfig> = {}) =>
    createHooks([btrfsSnapshotHook({ snapshotPath, env: {} })], {
      ...plainMirror,
      name: 'debian',
      ...fields,
    });

  test('no place for the snapshot', () => {
    expect(() => create('')).toThrow(
      'btrfs_snapshot.snapshot_path: expected the folder of the snapshots, as mirrors[debian] has no snapshot_path',
    );
    expect(create('', { snapshotPath: '/snapshots/debian' })).toHaveLength(1);
  });

  test.each(['/data/debian', '/data/debian/snapshots'])(
    'a snapshot at %s inside the mirror',
    (snapshotPath) => {
      expect(() => create('/snapshots', { workingDir: '/data/debian', snapshotPath })).toThrow(
        `mirrors[debian]: the snapshot ${snapshotPath} must not be inside the working folder /data/debian`,
      );
      expect(create('/data', { workingDir: '/data/debian-cd' })).toHaveLength(1);
    },
  );
});

test('the hooks of the file systems stand between the log and the lines', () => {
  const names = (options: Partial<Parameters<typeof builtInHooks>[0]>): string[] =>
    builtInHooks({ env: {}, ...options }).map(({ name }) => name);
  expect(names({})).toEqual(['log-limiter', 'exec']);
  expect(names({ zfs: { zpool: 'tank' } })).toEqual(['log-limiter', 'zfs', 'exec']);
  expect(names({ zfs: { zpool: 'tank' }, btrfs: { snapshotPath: '/snapshots' } })).toEqual([
    'log-limiter',
    'zfs',
    'btrfs-snapshot',
    'exec',
  ]);
});

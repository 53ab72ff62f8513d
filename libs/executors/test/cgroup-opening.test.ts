import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { chown, mkdir, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { tempDir, waitFor } from '@tunasync/test-utils';
import { readProcs, writeCgroupFile } from '../src/cgroup/cgroup-files.js';
import type { Hierarchy } from '../src/cgroup/hierarchy.js';
import { openCgroupExecutor, type CgroupExecutorOptions, type CgroupVersion } from '../src/index.js';
import { launcherFile } from '../src/launcher/launcher.js';
import { cgroupBench, forEachVersion, hasMemory, machineHierarchy } from './cgroup-fixture.js';
import { startWorker } from './worker-process.js';

const runFile = promisify(execFile);

function opening(options: Partial<CgroupExecutorOptions>) {
  return openCgroupExecutor({ stateDir: '/nowhere', env: {}, ...options });
}

forEachVersion((hierarchy) => {
  const { version } = hierarchy;
  describe(`opening with cgroup v${version}`, () => {
    openingOf(hierarchy, version);
  });
});

function openingOf(hierarchy: Hierarchy, version: CgroupVersion): void {
  test('takes a group with and without a leading slash, and leaves nothing in it', async () => {
    await using bench = await cgroupBench(hierarchy);
    for (const group of [bench.group, `/${bench.group}`]) {
      expect((await bench.open({ group })).name).toBe('cgroup');
    }
    expect(readdirSync(bench.path, { withFileTypes: true }).filter((entry) => entry.isDirectory())).toEqual(
      [],
    );
  });

  test(`a group that is missing is ${version === 1 ? 'an error' : 'made'}`, async () => {
    await using bench = await cgroupBench(hierarchy);
    const group = `${bench.group}/jobs`;
    if (version === 2) {
      await bench.open({ group });
      expect(existsSync(join(bench.path, 'jobs', 'cgroup.procs'))).toBe(true);
      return;
    }
    await expect(bench.open({ group })).rejects.toMatchObject({
      code: 'CGROUP_UNUSABLE',
      message: `cgroup.group "${group}": ${bench.path}/jobs does not exist: make it with mkdir before the worker starts`,
    });
  });

  test('a group that holds processes is an error', async () => {
    await using bench = await cgroupBench(hierarchy);
    const child = spawn('sleep', ['600'], { stdio: 'ignore' });
    await once(child, 'spawn');
    const exited = once(child, 'exit');
    writeCgroupFile(bench.path, 'cgroup.procs', child.pid ?? 0);
    await expect(bench.open()).rejects.toMatchObject({
      code: 'CGROUP_UNUSABLE',
      message: `cgroup.group "${bench.group}": expected a cgroup without processes, but it holds 1 (pid ${child.pid}): move them, or name another`,
    });
    child.kill('SIGKILL');
    await exited;
  });

  test('a group that holds the worker itself is an error', async () => {
    await using bench = await cgroupBench(hierarchy);
    await using worker = await startWorker(
      {
        stateDir: join(bench.folder, 'state'),
        cwd: bench.folder,
        cgroup: { group: bench.group, version },
        commands: [],
      },
      join(bench.path, 'cgroup.procs'),
    );
    expect(await worker.next()).toEqual({
      code: 'CGROUP_UNUSABLE',
      message: `cgroup.group "${bench.group}": this worker itself is in it: leave cgroup.group empty, or start the worker elsewhere`,
    });
  });

  test('a hierarchy that is mounted read-only is an error', async () => {
    await using bench = await cgroupBench(hierarchy);
    await using folder = await tempDir();
    const mountPoint = join(folder.path, 'mounted');
    await mkdir(mountPoint);
    await runFile('mount', ['--bind', hierarchy.mountPoint, mountPoint]);
    try {
      await runFile('mount', ['-o', 'remount,bind,ro', mountPoint]);
      const type = version === 1 ? 'cgroup cgroup rw,memory' : 'cgroup2 cgroup2 rw';
      await writeFile(join(folder.path, 'mountinfo'), `35 31 0:32 / ${mountPoint} ro - ${type}\n`);
      await writeFile(join(folder.path, 'cgroup'), version === 1 ? '4:memory:/\n' : '0::/\n');
      await expect(bench.open({ procSelf: folder.path })).rejects.toMatchObject({
        code: 'CGROUP_UNUSABLE',
        message: expect.stringMatching(
          /^cannot make a cgroup: .*EROFS.*: the worker's user must be able to write to .* and to enter cgroups below it$/,
        ),
      });
    } finally {
      await runFile('umount', [mountPoint]);
    }
  });

  test('a user without rights gets a clear error', async () => {
    await using bench = await cgroupBench(hierarchy);
    await chown(bench.folder, 65_534, 65_534);
    const options = {
      stateDir: join(bench.folder, 'state'),
      cwd: bench.folder,
      cgroup: { group: bench.group, version },
      commands: [],
    };
    const nobody = { uid: 65_534, gid: 65_534 };
    await using worker = await startWorker(options, undefined, nobody);
    expect(await worker.next()).toMatchObject({
      code: 'CGROUP_UNUSABLE',
      message: expect.stringMatching(/^cannot make a cgroup: EACCES.* the worker's user must be able to/),
    });
    if (version === 1) return;
    // version 2 asks for rights on what is above the cgroup that is left and the one that is entered
    await chown(bench.path, 65_534, 65_534);
    await using second = await startWorker(options, undefined, nobody);
    expect(await second.next()).toMatchObject({
      code: 'CGROUP_UNUSABLE',
      message: expect.stringMatching(
        /^cannot enter a cgroup: .*(I\/O error|Permission denied): the worker's user must be able to/,
      ),
    });
    expect(readdirSync(bench.path, { withFileTypes: true }).filter((entry) => entry.isDirectory())).toEqual(
      [],
    );
  });

  test('an empty group: all processes of the worker’s own cgroup move into __worker, jobs get siblings', async () => {
    await using bench = await cgroupBench(hierarchy);
    const entry = join(bench.path, 'cgroup.procs');
    const bystander = spawn('sleep', ['600'], { stdio: 'ignore' });
    await once(bystander, 'spawn');
    const exited = once(bystander, 'exit');
    writeCgroupFile(bench.path, 'cgroup.procs', bystander.pid ?? 0);
    const job = (id: string) => ({
      mirror: `debian-${id}`,
      id,
      script: 'cat /proc/self/cgroup; exec sleep 600',
    });
    const options = { stateDir: join(bench.folder, 'state'), cwd: bench.folder, cgroup: { version } };
    await using first = await startWorker({ ...options, commands: [job('1')] }, entry);
    expect(await first.next()).toMatchObject({ executor: 'cgroup', cgroup: join(bench.path, 'debian-1') });
    const workers = join(bench.path, '__worker');
    expect(readProcs(bench.path)).toEqual([]);
    // the job's launcher is there for a moment, too
    const both = [first.child.pid, bystander.pid].sort();
    await waitFor('only them', () => String(readProcs(workers).sort()) === String(both));
    // the next worker may be started where the first one has put all processes
    await using second = await startWorker(
      { ...options, commands: [job('2')] },
      join(workers, 'cgroup.procs'),
    );
    expect(await second.next()).toMatchObject({ cgroup: join(bench.path, 'debian-2') });
    const named = (cgroup: string) =>
      new RegExp(`^${version === 1 ? '\\d+:memory' : '0:'}:/${bench.group}/${cgroup}$`, 'm');
    await waitFor(
      'both jobs',
      () => named('debian-1').test(bench.log()) && named('debian-2').test(bench.log()),
    );
    bystander.kill('SIGKILL');
    await exited;
  });
}

const top = machineHierarchy(2);
if (top?.own === '/') {
  test('an empty group in the topmost cgroup of the machine moves no process', async () => {
    await using folder = await tempDir();
    const executor = await openCgroupExecutor({
      stateDir: join(folder.path, 'state'),
      env: { PATH: process.env['PATH'] },
      version: 2,
    });
    const execution = await executor.start(
      { argv: ['cat', '/proc/self/cgroup'], cwd: folder.path, env: {}, logFile: join(folder.path, 'log') },
      { mirror: 'tunasync-test', id: 'top-1' },
    );
    expect(execution.handle).toMatchObject({ cgroup: join(top.mountPoint, 'tunasync-test') });
    expect(await execution.exit).toEqual({ code: 0, signal: null });
    expect(existsSync(join(top.mountPoint, '__worker'))).toBe(false);
  });
} else {
  test.skip('an empty group in the topmost cgroup, in which this process is not', () => undefined);
}

const plain = top === undefined || hasMemory(top) ? undefined : top;
if (plain === undefined) {
  test.skip('cgroup v2 without memory controller, which this machine has', () => undefined);
} else {
  test('cgroup v2 without memory controller warns when it is opened, and refuses only mirrors with a limit', async () => {
    await using bench = await cgroupBench(plain);
    const why = `the cgroup v2 ${plain.mountPoint} has no memory controller (systemd: Delegate=yes; the kernel: cgroup_disable=)`;
    expect(bench.warnings).toEqual([`mirrors with a memory_limit will fail: ${why}`]);
    await expect(bench.start('true', { memoryLimit: 1_048_576 })).rejects.toMatchObject({
      code: 'EXECUTOR_START_FAILED',
      message: `debian: its memory_limit cannot be enforced: ${why}`,
    });
    expect(await (await bench.start('exit 4')).exit).toEqual({ code: 4, signal: null });
  });
}

test.each([
  ['no procfs', {}, /^cannot find the cgroups of this machine: .*ENOENT.*: disable cgroup$/],
  [
    'no cgroup file system',
    { mountinfo: '23 1 254:1 / / rw - ext4 /dev/root rw\n', cgroup: '0::/\n' },
    /^no cgroup file system is mounted: mount cgroup2 at \/sys\/fs\/cgroup, or disable cgroup$/,
  ],
])('%s is an error', async (_, files, message) => {
  await using folder = await tempDir();
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder.path, name), content);
  await expect(opening({ procSelf: folder.path })).rejects.toMatchObject({
    code: 'CGROUP_UNUSABLE',
    message: expect.stringMatching(message),
  });
});

test('a version 1 group in which no cgroup can be entered is no use', async () => {
  await using folder = await tempDir();
  // a folder that looks like a hierarchy, but its cgroups have no cgroup.procs that takes a process
  const group = join(folder.path, 'group');
  await mkdir(group);
  await writeFile(
    join(folder.path, 'mountinfo'),
    `35 31 0:32 / ${folder.path} rw - cgroup cgroup rw,memory\n`,
  );
  await writeFile(join(folder.path, 'cgroup'), '4:memory:/\n');
  await expect(
    opening({ procSelf: folder.path, group: 'group', shell: '/no/such/sh' }),
  ).rejects.toMatchObject({
    code: 'CGROUP_UNUSABLE',
    message: expect.stringMatching(/^cannot enter a cgroup: .*\/no\/such\/sh.*ENOENT/),
  });
  expect(readdirSync(group)).toEqual([]);
  await rmdir(group);
});

test.each(readdirSync('/bin').filter((name) => ['dash', 'bash', 'busybox'].includes(name)))(
  'the launcher with %s does not run a command whose cgroup it cannot enter',
  async (shell) => {
    await using folder = await tempDir();
    const file = join(folder.path, 'gone', 'cgroup.procs');
    const argv = [
      ...(shell === 'busybox' ? ['sh'] : []),
      launcherFile,
      '-g',
      file,
      'touch',
      join(folder.path, 'ran'),
    ];
    const error = (await runFile(`/bin/${shell}`, argv).catch((thrown: unknown) => thrown)) as Record<
      string,
      unknown
    >;
    expect(error).toMatchObject({ code: 126, stderr: 'exit 126\n' });
    expect(error['stdout']).toContain(`cannot enter the cgroup of ${file}\n`);
    expect(existsSync(join(folder.path, 'ran'))).toBe(false);
  },
);

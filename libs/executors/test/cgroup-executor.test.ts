import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { waitFor } from '@tunasync/test-utils';
import { writeCgroupFile } from '../src/cgroup/cgroup-files.js';
import type { Hierarchy } from '../src/cgroup/hierarchy.js';
import { exitMessage, type CgroupVersion } from '../src/index.js';
import { cgroupBench, forEachVersion, hasMemory, runs } from './cgroup-fixture.js';
import { startWorker } from './worker-process.js';

const megabyte = 1_048_576;
/** Puts a process of another origin into a cgroup. */
async function stranger(cgroup: string) {
  const child = spawn('sleep', ['600'], {
    env: { PATH: process.env['PATH'] },
    detached: true,
    stdio: 'ignore',
  });
  await once(child, 'spawn');
  writeCgroupFile(cgroup, 'cgroup.procs', child.pid ?? 0);
  const exited = once(child, 'exit');
  return {
    pid: child.pid ?? 0,
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

forEachVersion((hierarchy) => {
  const { version } = hierarchy;
  describe(`with cgroup v${version}`, () => {
    allOf(hierarchy, version);
  });
  if (version === 1 || hasMemory(hierarchy)) {
    describe(`a memory limit with cgroup v${version}`, () => {
      limitsOf(hierarchy);
    });
  } else
    test.skip(`memory limits with cgroup v${version}, which has no memory controller here`, () => undefined);
});

function allOf(hierarchy: Hierarchy, version: CgroupVersion): void {
  test('the command is inside before it executes anything, and the cgroup is gone after it', async () => {
    await using bench = await cgroupBench(hierarchy);
    const cgroup = join(bench.path, 'debian');
    const execution = await bench.start(
      'cat /proc/self/cgroup',
      {},
      {
        argv: ['cat', '/proc/self/cgroup'],
      },
    );
    expect(execution.handle).toMatchObject({ executor: 'cgroup', cgroup });
    expect(await execution.exit).toEqual({ code: 0, signal: null });
    expect(bench.log()).toMatch(
      new RegExp(`^${version === 1 ? '\\d+:memory' : '0:'}:/${bench.group}/debian$`, 'm'),
    );
    expect(existsSync(cgroup)).toBe(false);
  });

  test('a mirror of any name has a cgroup', async () => {
    await using bench = await cgroupBench(hierarchy);
    for (const mirror of ['.x', 'cgroup.procs', '__worker', 'Spiegel 镜像 %', 'tasks']) {
      const execution = await bench.start('cat /proc/self/cgroup', { mirror });
      expect(await execution.exit).toEqual({ code: 0, signal: null });
    }
    expect(bench.log()).toContain(`/${bench.group}/Spiegel 镜像 %25\n`);
    expect(bench.log()).toContain(`/${bench.group}/%5F_worker\n`);
  });

  test('defect 12: grandchildren that left the process group are ended with the command', async () => {
    await using bench = await cgroupBench(hierarchy);
    const stray = `env -i setsid sh -c 'trap "echo told >> told" TERM; echo $$ > stray; : > ready; while :; do sleep 0.05; done' &`;
    const execution = await bench.start(`${stray} while ! [ -e ready ]; do sleep 0.01; done; exit 5`);
    expect(await execution.exit).toEqual({ code: 5, signal: null });
    expect(runs(Number(bench.read('stray')))).toBe(false);
    // first it was asked
    expect(bench.read('told')).toBe('told');
    expect(existsSync(join(bench.path, 'debian'))).toBe(false);
  });

  test('defect 12: terminate signals each process once, and kills those that stay', async () => {
    await using bench = await cgroupBench(hierarchy);
    const stray = `setsid sh -c 'trap "" TERM; echo $$ > stray; : > ready; while :; do sleep 0.05; done' &`;
    const execution = await bench.start(
      `${stray} trap 'echo cleaned >> cleaned; exit 9' TERM; while :; do sleep 0.05; done`,
    );
    await bench.ready();
    const processes = await execution.processes?.();
    expect(processes).toContain(Number(bench.read('stray')));
    expect(processes).toContain(execution.handle['pid']);
    await execution.terminate(300);
    expect(await execution.exit).toEqual({ code: 9, signal: null });
    expect(bench.read('cleaned')).toBe('cleaned');
    expect(runs(Number(bench.read('stray')))).toBe(false);
    expect(existsSync(join(bench.path, 'debian'))).toBe(false);
  });

  test('cgroups that the command makes itself are emptied and removed too', async () => {
    await using bench = await cgroupBench(hierarchy);
    const inner = join(bench.path, 'debian', 'inner');
    const execution = await bench.start(
      `mkdir '${inner}'; setsid sh -c "echo 0 > '${inner}/cgroup.procs'; "'echo $$ > stray; : > ready; exec sleep 600' & while ! [ -e ready ]; do sleep 0.01; done`,
    );
    await execution.exit;
    expect(runs(Number(bench.read('stray')))).toBe(false);
    expect(readdirSync(bench.path, { withFileTypes: true }).filter((entry) => entry.isDirectory())).toEqual(
      [],
    );
  });

  test('defect 13: when only the cgroup has processes left after a crash, these are ended', async () => {
    await using bench = await cgroupBench(hierarchy);
    await using worker = await startWorker({
      stateDir: join(bench.folder, 'state'),
      cwd: bench.folder,
      cgroup: { group: bench.group, version },
      commands: [
        {
          mirror: 'debian',
          id: 'crash-1',
          script: `env -i setsid sh -c 'echo $$ > stray; : > ready; exec sleep 600' & wait`,
        },
      ],
    });
    const handle = (await worker.next()) as { executor: string; pid: number };
    await bench.ready();
    await worker.kill();
    process.kill(-handle.pid, 'SIGKILL');
    await waitFor('the group to be gone', () => !runs(handle.pid));
    const stray = Number(bench.read('stray'));
    expect(runs(stray)).toBe(true);
    const next = await bench.open();
    const execution = await next.attach(handle);
    expect(await execution?.exit).toEqual({ code: null, signal: null });
    expect(runs(stray)).toBe(false);
    expect(existsSync(join(bench.path, 'debian'))).toBe(false);
    expect(await next.attach(handle)).toBeUndefined();
  });

  test('an old handle does not reach the next command of the mirror', async () => {
    await using bench = await cgroupBench(hierarchy);
    const first = await bench.start('true');
    await first.exit;
    await bench.executor.cleanup(first.handle);
    const foreseen = bench.executor.foresee?.({ mirror: 'debian', id: 'never' }) ?? { executor: '' };
    const second = await bench.start('exec sleep 600');
    const next = await bench.open();
    for (const executor of [bench.executor, next]) {
      expect(await executor.attach(first.handle)).toBeUndefined();
      expect(await executor.attach(foreseen)).toBeUndefined();
    }
    expect(runs(Number(second.handle['pid']))).toBe(true);
    await second.terminate();
  });

  test('defect 13: processes of an earlier worker with a lost handle are ended before the mirror runs again', async () => {
    await using bench = await cgroupBench(hierarchy);
    await using worker = await startWorker({
      stateDir: join(bench.folder, 'state'),
      cwd: bench.folder,
      cgroup: { group: bench.group, version },
      commands: [{ mirror: 'debian', id: 'lost-1', script: `: > ready; exec sleep 600` }],
    });
    const { pid } = (await worker.next()) as { pid: number };
    await bench.ready();
    await worker.kill();
    const execution = await bench.start('exit 3');
    expect(runs(pid)).toBe(false);
    expect(bench.warnings.slice(-1)).toEqual([
      `debian: ending processes of an earlier worker in the cgroup ${bench.path}/debian`,
    ]);
    expect(await execution.exit).toEqual({ code: 3, signal: null });
  });

  test('a command is refused while its cgroup holds processes of others', async () => {
    await using bench = await cgroupBench(hierarchy);
    const cgroup = join(bench.path, 'debian');
    mkdirSync(cgroup);
    await using other = await stranger(cgroup);
    await expect(bench.start('true')).rejects.toMatchObject({
      code: 'EXECUTOR_START_FAILED',
      message: `debian: processes that this worker did not start are in its cgroup ${cgroup} (pid ${other.pid}): end them, or give each worker a cgroup.group of its own`,
    });
    expect(runs(other.pid)).toBe(true);
  });

  test('a second command of a mirror is refused while the first runs', async () => {
    await using bench = await cgroupBench(hierarchy);
    const first = await bench.start('exec sleep 600');
    await expect(bench.start('true')).rejects.toMatchObject({
      code: 'EXECUTOR_START_FAILED',
      message: `debian: another command of it is running in the cgroup ${bench.path}/debian`,
    });
    expect(runs(Number(first.handle['pid']))).toBe(true);
    await first.terminate();
    expect(await (await bench.start('true')).exit).toEqual({ code: 0, signal: null });
  });

  test('a command that cannot be started leaves no cgroup', async () => {
    await using bench = await cgroupBench(hierarchy);
    await expect(bench.start('true', {}, { logFile: `${bench.folder}/state/x/` })).rejects.toMatchObject({
      code: 'EXECUTOR_START_FAILED',
    });
    expect(existsSync(join(bench.path, 'debian'))).toBe(false);
    expect(await (await bench.start('true')).exit).toEqual({ code: 0, signal: null });
  });

  test('a command whose cgroup cannot be made is refused', async () => {
    await using bench = await cgroupBench(hierarchy);
    // in version 1 nothing but a missing base can be in the way
    if (version === 1) rmdirSync(bench.path);
    else writeCgroupFile(bench.path, 'cgroup.max.descendants', 0);
    await expect(bench.start('true')).rejects.toMatchObject({
      code: 'EXECUTOR_START_FAILED',
      message: expect.stringMatching(/^debian: cannot make its cgroup: .*(EAGAIN|ENOENT)/),
    });
  });
}

function limitsOf(hierarchy: Hierarchy): void {
  test('a command that goes over it is killed, and the message says so', async () => {
    await using bench = await cgroupBench(hierarchy);
    const execution = await bench.start('exec tail /dev/zero', { memoryLimit: 16 * megabyte });
    const exit = await execution.exit;
    expect(exit).toEqual({ code: null, signal: 'SIGKILL', outOfMemory: true });
    expect(exitMessage(exit)).toBe('signal: killed: it went over its memory limit');
    // and so does the next worker
    expect(await (await (await bench.open()).attach(execution.handle))?.exit).toEqual(exit);
    expect(existsSync(join(bench.path, 'debian'))).toBe(false);
  });

  test('a command fails with the part of it that was killed', async () => {
    await using bench = await cgroupBench(hierarchy);
    const execution = await bench.start('tail /dev/zero; exit 12', { memoryLimit: 16 * megabyte });
    const exit = await execution.exit;
    expect(exit).toEqual({ code: 12, signal: null, outOfMemory: true });
    expect(exitMessage(exit)).toBe('exit status 12: a process of it went over the memory limit');
    expect(await (await bench.executor.attach(execution.handle))?.exit).toEqual(exit);
  });

  test('a command that went over it while no worker was there is known for it', async () => {
    await using bench = await cgroupBench(hierarchy);
    const script = ': > ready; until [ -e go ]; do sleep 0.01; done; exec tail /dev/zero';
    await using worker = await startWorker({
      stateDir: join(bench.folder, 'state'),
      cwd: bench.folder,
      cgroup: { group: bench.group, version: hierarchy.version },
      commands: [{ mirror: 'debian', id: 'oom-1', memoryLimit: 16 * megabyte, script }],
    });
    const handle = (await worker.next()) as { executor: string; pid: number };
    await bench.ready();
    await worker.kill();
    await (
      await bench.start(': > go', { mirror: 'other' })
    ).exit;
    await waitFor('the command to end', () => !runs(handle.pid));
    expect(await (await bench.executor.attach(handle))?.exit).toEqual({
      code: null,
      signal: 'SIGKILL',
      outOfMemory: true,
    });
  });

  test('files that are read and written do not count as too much', async () => {
    await using bench = await cgroupBench(hierarchy);
    // synced block by block: the kernel may drop pages that are written, and no others, however busy the disk is
    const execution = await bench.start(
      'dd if=/dev/zero of=big bs=1M count=48 oflag=dsync 2>/dev/null && cat big > /dev/null',
      { memoryLimit: 16 * megabyte },
    );
    expect(await execution.exit).toEqual({ code: 0, signal: null });
  });

  test('a command that is killed otherwise did not go over it', async () => {
    await using bench = await cgroupBench(hierarchy);
    const execution = await bench.start('kill -KILL $$', { memoryLimit: 16 * megabyte });
    expect(await execution.exit).toEqual({ code: null, signal: 'SIGKILL' });
  });

  test('that the kernel does not take is an error, and nothing runs', async () => {
    await using bench = await cgroupBench(hierarchy);
    await expect(bench.start('true', { memoryLimit: 0.5 })).rejects.toMatchObject({
      code: 'EXECUTOR_START_FAILED',
      message: expect.stringMatching(/^debian: cannot set its memory_limit: .*EINVAL/),
    });
    expect(existsSync(join(bench.path, 'debian'))).toBe(false);
  });
}

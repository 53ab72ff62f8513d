import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { FakeClock, tempDir, waitFor, type TempDir } from '@tunasync/test-utils';
import { asHandleOf, type HostHandle } from '../src/host/host-handle.js';
import { hostExecutor } from '../src/index.js';
import { launcherFile } from '../src/launcher/launcher.js';
import { isAlive, livingMembers, readProcessStat } from '../src/procfs/process-table.js';
import { startWorker } from './worker-process.js';

const env = { PATH: process.env['PATH'] };
const context = { mirror: 'debian', id: 'debian-1' };

function setUp(folder: TempDir) {
  const executor = hostExecutor({ stateDir: join(folder.path, 'state'), env });
  const start = (script: string) =>
    executor.start(
      { argv: ['sh', '-c', script], cwd: folder.path, env: {}, logFile: join(folder.path, 'run.log') },
      context,
    );
  const foreseen = asHandleOf('host', executor.foresee?.(context) ?? { executor: '' });
  if (foreseen === undefined) throw new TypeError('not foreseen');
  const ready = () => waitFor('ready', () => access(join(folder.path, 'ready')).then(() => true));
  return {
    executor,
    start,
    foreseen,
    ready,
    again: hostExecutor({ stateDir: join(folder.path, 'state'), env }),
  };
}

function runs(pid: number): boolean {
  const stat = readProcessStat(pid);
  return stat !== undefined && isAlive(stat);
}

describe('a foreseen handle', () => {
  test('touches nothing, and is the same for the next worker', async () => {
    await using folder = await tempDir();
    const { again, foreseen } = setUp(folder);
    expect(again.foresee?.(context)).toEqual(foreseen);
    expect(foreseen).toMatchObject({ executor: 'host', id: 'debian-1', pid: null, startTime: null });
    await expect(access(join(folder.path, 'state'))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  test('becomes the full handle of the process that was found', async () => {
    await using folder = await tempDir();
    const { again, foreseen, start } = setUp(folder);
    const execution = await start('exec sleep 60');
    const found = await again.attach(foreseen);
    expect(found?.handle).toEqual(execution.handle);
    await execution.terminate();
  });

  test('of another boot finds no process, but a result that was recorded', async () => {
    await using folder = await tempDir();
    const { again, foreseen, start } = setUp(folder);
    const execution = await start('sleep 60; exit 3');
    const ofOtherBoot = { ...foreseen, bootId: 'another' };
    expect(await again.attach(ofOtherBoot)).toBeUndefined();
    expect(await again.attach({ ...foreseen, bootId: '' })).toBeUndefined();
    await execution.terminate();
    await writeFile(foreseen.exitFile, 'exit 24\n');
    expect(await (await again.attach(ofOtherBoot))?.exit).toEqual({ code: 24, signal: null });
  });

  test('does not find the command of the same id over another state folder', async () => {
    await using folder = await tempDir();
    await using other = await tempDir();
    const { start } = setUp(folder);
    const execution = await start('exec sleep 60');
    const { again, foreseen } = setUp(other);
    expect(await again.attach(foreseen)).toBeUndefined();
    await execution.terminate();
  });

  test('defect 13: finds what is left when the launcher was killed too, and that is ended', async () => {
    await using folder = await tempDir();
    const { again, foreseen, ready } = setUp(folder);
    const script = 'echo $$ > child; : > ready; exec sleep 60';
    await using worker = await startWorker({
      stateDir: join(folder.path, 'state'),
      cwd: folder.path,
      commands: [{ ...context, script }],
    });
    const { pid: launcher } = (await worker.next()) as HostHandle;
    await ready();
    await worker.kill();
    process.kill(launcher, 'SIGKILL');
    await waitFor('the launcher to be gone', () => !runs(launcher));
    const child = Number(await readFile(join(folder.path, 'child'), 'utf8'));
    expect(runs(child)).toBe(true);
    const found = await again.attach(foreseen);
    expect(found?.handle).toMatchObject({ pid: launcher });
    expect(await found?.exit).toEqual({ code: null, signal: null });
    expect(runs(child)).toBe(false);
  }, 30_000);

  test('defect 13: waits for a child that has been forked and is not the launcher yet', async () => {
    await using folder = await tempDir();
    const { again, foreseen, ready } = setUp(folder);
    await mkdir(join(folder.path, 'state'));
    // as a child of a killed worker: it has the record open, and the worker's environment
    const script =
      'exec 3>>"$1"; : > ready; until [ -e go ]; do sleep 0.01; done; exec 2>&3 3>&-; shift; exec env "$@"';
    const marker = `TUNASYNC_EXECUTION=${foreseen.marker}`;
    const child = spawn(
      '/bin/sh',
      [
        '-c',
        script,
        'sh',
        foreseen.exitFile,
        marker,
        '/bin/sh',
        launcherFile,
        'sh',
        '-c',
        'sleep 0.1; exit 42',
      ],
      { cwd: folder.path, detached: true, stdio: 'ignore', env },
    );
    const exited = once(child, 'exit');
    await ready();
    const attached = again.attach(foreseen);
    await writeFile(join(folder.path, 'go'), '');
    const found = await attached;
    expect(found?.handle).toMatchObject({ pid: child.pid });
    expect(await found?.exit).toEqual({ code: 42, signal: null });
    await exited;
  });

  test('does not wait for a process that only reads the record', async () => {
    await using folder = await tempDir();
    const { foreseen } = setUp(folder);
    await mkdir(join(folder.path, 'state'));
    await writeFile(foreseen.exitFile, '');
    const reader = spawn('sh', ['-c', 'echo; exec sleep 60 < "$0"', foreseen.exitFile], { env });
    await once(reader.stdout, 'data');
    // a wait would never end on this clock
    const clock = new FakeClock();
    const patient = hostExecutor({ stateDir: join(folder.path, 'state'), env, clock });
    expect(await patient.attach(foreseen)).toBeUndefined();
    expect(clock.pending).toBe(0);
    const exited = once(reader, 'exit');
    reader.kill();
    await exited;
  });
});

describe('processes', () => {
  test('are those of the group, for who started it and for who found it', async () => {
    await using folder = await tempDir();
    const { again, start, ready } = setUp(folder);
    const execution = await start('sleep 60 & echo $! > child; : > ready; wait');
    await ready();
    const members = livingMembers(Number(execution.handle['pid']))?.map(({ pid }) => pid);
    expect(members).toContain(Number(await readFile(join(folder.path, 'child'), 'utf8')));
    const found = await again.attach(execution.handle);
    expect(await found?.processes?.()).toEqual(members);
    await waitFor('all of them', async () => (await execution.processes?.())?.length === members?.length);
    expect(await execution.processes?.()).toEqual(members);
    await execution.terminate();
    expect(await execution.processes?.()).toEqual([]);
  });
});

test('a damaged handle is unknown', async () => {
  await using folder = await tempDir();
  const { again, foreseen } = setUp(folder);
  for (const damage of [{ pid: 'x' }, { id: 5 }, { startTime: 'x' }, { marker: null }]) {
    expect(await again.attach({ ...foreseen, ...damage })).toBeUndefined();
  }
});

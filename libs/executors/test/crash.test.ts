import { access, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { tempDir, waitFor, type TempDir } from '@tunasync/test-utils';
import type { HostHandle } from '../src/host/host-handle.js';
import { hostExecutor, type Executor } from '../src/index.js';
import { isAlive, readProcessStat } from '../src/procfs/process-table.js';
import { startWorker } from './worker-process.js';

const processEnd = 60_000;

/** Lets a worker start a command and kills the worker with SIGKILL. */
async function crashed(folder: TempDir, script: string): Promise<{ handle: HostHandle; executor: Executor }> {
  const stateDir = join(folder.path, 'state');
  await using worker = await startWorker({
    stateDir,
    cwd: folder.path,
    commands: [{ script, mirror: 'debian', id: 'debian-1' }],
  });
  const handle = (await worker.next()) as HostHandle;
  await waitFor('the command to run', () => access(join(folder.path, 'ready')).then(() => true));
  await worker.kill();
  return { handle, executor: hostExecutor({ stateDir, env: { PATH: process.env['PATH'] } }) };
}

function runs(pid: number): boolean {
  const stat = readProcessStat(pid);
  return stat !== undefined && isAlive(stat);
}

describe('after the worker was killed', () => {
  test(
    'defect 13: its command continues, is found again, and gives its true result',
    async () => {
      await using folder = await tempDir();
      const { handle, executor } = await crashed(
        folder,
        `: > ready; while ! [ -e go ]; do sleep 0.01; done; echo done; exit 23`,
      );
      expect(runs(handle.pid)).toBe(true);
      const execution = await executor.attach(handle);
      await writeFile(join(folder.path, 'go'), '');
      expect(await execution?.exit).toEqual({ code: 23, signal: null });
      expect(await readFile(join(folder.path, 'run.log'), 'utf8')).toBe('done\n');
      expect(runs(handle.pid)).toBe(false);
    },
    processEnd,
  );

  test(
    'a command that ends before the next worker starts has its true result',
    async () => {
      await using folder = await tempDir();
      const { handle, executor } = await crashed(
        folder,
        `: > ready; while ! [ -e go ]; do sleep 0.01; done; kill -KILL $$`,
      );
      await writeFile(join(folder.path, 'go'), '');
      await waitFor('the command to end', () => !runs(handle.pid));
      const execution = await executor.attach(handle);
      expect(await execution?.exit).toEqual({ code: null, signal: 'SIGKILL' });
      await executor.cleanup(handle);
      expect(await executor.attach(handle)).toBeUndefined();
    },
    processEnd,
  );

  test(
    'defect 13: terminate ends the command that was found again, grandchildren too',
    async () => {
      await using folder = await tempDir();
      const { handle, executor } = await crashed(
        folder,
        `sleep 60 & echo $! > child; (trap '' TERM; : > ready; while :; do sleep 1; done)`,
      );
      const execution = await executor.attach(handle);
      await execution?.terminate(200);
      expect(await execution?.exit).toEqual({ code: null, signal: 'SIGTERM' });
      expect(runs(handle.pid)).toBe(false);
      expect(runs(Number(await readFile(join(folder.path, 'child'), 'utf8')))).toBe(false);
    },
    processEnd,
  );

  test(
    'defect 13: the rest of a command whose launcher died too is ended, with an unknown result',
    async () => {
      await using folder = await tempDir();
      const { handle, executor } = await crashed(folder, `echo $$ > child; : > ready; exec sleep 60`);
      process.kill(handle.pid, 'SIGKILL');
      await waitFor('the launcher to die', () => !runs(handle.pid));
      const child = Number(await readFile(join(folder.path, 'child'), 'utf8'));
      expect(runs(child)).toBe(true);
      // a stranger's group of that number is left alone
      expect(await executor.attach({ ...handle, marker: 'another' })).toBeUndefined();
      expect(runs(child)).toBe(true);
      const execution = await executor.attach(handle);
      expect(await execution?.exit).toEqual({ code: null, signal: null });
      expect(runs(child)).toBe(false);
      expect(await executor.attach(handle)).toBeUndefined();
    },
    processEnd,
  );
});

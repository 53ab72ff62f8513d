import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { hostExecutor, type Execution, type ExecutionHandle, type Executor } from '@tunasync/executors';
import { memoryLogger } from '@tunasync/logger';
import { tempDir, waitFor, type TempDir } from '@tunasync/test-utils';
import { createWorker, memoryState, type JobRecord, type WorkerState } from '../src/index.js';
import { newRecord } from '../src/job/report.js';
import { configOf, mirrorOf } from './support/mirror.js';

const env = { PATH: process.env['PATH'] ?? '/usr/bin:/bin' };

/** The record of a mirror whose sync was under way when the worker was killed. */
const crashed = (handle: ExecutionHandle, values: Partial<JobRecord> = {}): JobRecord => ({
  ...newRecord('m'),
  lastStatus: 'syncing',
  lastStarted: 1,
  run: { id: 'r', attempt: 1, attemptStarted: Date.now(), command: 0, handle, logFile: '/dev/null' },
  ...values,
});

const alive = (pid: number): boolean =>
  existsSync(`/proc/${pid}`) && !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');

/** Starts what a worker that crashed afterwards has left running: it takes a moment to obey SIGTERM. */
async function leaveRunning(folder: TempDir): Promise<{ execution: Execution; pid: number }> {
  const before = hostExecutor({ stateDir: join(folder.path, 'runs'), env });
  const execution = await before.start(
    {
      argv: ['sh', '-c', "trap 'sleep 0.3; exit 1' TERM; echo $$ > pid; while :; do sleep 0.1; done"],
      cwd: folder.path,
      env: {},
      logFile: join(folder.path, 'old.log'),
    },
    { mirror: 'm', id: 'old' },
  );
  const pid = await waitFor('the old sync', () => {
    const file = join(folder.path, 'pid');
    return existsSync(file) && Number(readFileSync(file, 'utf8'));
  });
  return { execution, pid };
}

function workerOf(folder: TempDir, state: WorkerState, mirrors = ['m'], executor?: Executor) {
  const logger = memoryLogger();
  const config = (names: readonly string[]) =>
    configOf(
      names.map((name) =>
        mirrorOf(name, {
          provider: 'command',
          // whether the old sync still ran when this one began
          command: `sh -c 'test -d /proc/$(cat pid) && echo doubled > result || echo alone > result'`,
          workingDir: folder.path,
          logDir: join(folder.path, 'log'),
        }),
      ),
    );
  const worker = createWorker({
    config: config(mirrors),
    env,
    logger,
    state,
    executor: executor ?? hostExecutor({ stateDir: join(folder.path, 'runs'), env }),
  });
  return { worker, logger, config };
}

describe('what a crashed worker left running', () => {
  test('defect 13: is taken over and waited for, never doubled', async () => {
    await using folder = await tempDir();
    const { execution, pid } = await leaveRunning(folder);
    const { worker, logger } = workerOf(folder, memoryState([crashed(execution.handle)]));
    await using running = worker;
    await running.start();
    await waitFor('the run', () => running.jobs()[0]?.state === 'running');
    await running.command({ verb: 'start', mirror: 'm', force: true });
    expect(alive(pid)).toBe(true);
    process.kill(pid, 'SIGTERM');
    await waitFor('its end', () => running.jobs()[0]?.lastStatus === 'failed');
    expect(running.jobs()).toMatchObject([{ errorMsg: 'exit status 1', lastStarted: 1 }]);
    expect(existsSync(join(folder.path, 'result'))).toBe(false);
    expect(logger.lines.map(({ message }) => message)).toContain(
      'm: taking over the sync that was under way when the worker ended',
    );
    await waitFor('the record', () => !existsSync(join(folder.path, 'runs/old.exit')));
    // and the next one begins when there is nothing left of it
    await running.command({ verb: 'start', mirror: 'm' });
    const result = join(folder.path, 'result');
    await waitFor('the new sync', () => existsSync(result) && readFileSync(result, 'utf8') !== '');
    expect(readFileSync(result, 'utf8')).toBe('alone\n');
  });

  test.each<[string, string[], Partial<JobRecord>, number]>([
    ['a paused mirror', ['m'], { mode: 'paused' }, 1],
    ['a mirror that is not configured any more', ['other'], {}, 0],
  ])('is ended for %s as well, before a halt is over', async (_, mirrors, values, left) => {
    await using folder = await tempDir();
    const { execution, pid } = await leaveRunning(folder);
    const state = memoryState([crashed(execution.handle, values)]);
    const { worker } = workerOf(folder, state, mirrors);
    await worker.start();
    await worker.stop();
    expect(alive(pid)).toBe(false);
    const kept = [...(await state.load()).values()].filter(({ name }) => name === 'm');
    expect(kept.map(({ run }) => run)).toEqual(Array<null>(left).fill(null));
  });

  test('defect 13: a mirror that a reload brings back meanwhile waits, too', async () => {
    await using folder = await tempDir();
    const { execution } = await leaveRunning(folder);
    const { worker, config } = workerOf(folder, memoryState([crashed(execution.handle)]), []);
    await using running = worker;
    await running.start();
    await running.reload(config(['m']));
    const result = join(folder.path, 'result');
    await waitFor('the new sync', () => existsSync(result) && readFileSync(result, 'utf8') !== '');
    expect(readFileSync(result, 'utf8')).toBe('alone\n');
  });

  test('a halt meanwhile begins nothing more', async () => {
    await using folder = await tempDir();
    const { execution } = await leaveRunning(folder);
    const { worker } = workerOf(folder, memoryState([crashed(execution.handle)]));
    await worker.start();
    await waitFor('the run', () => worker.jobs()[0]?.state === 'running');
    await worker.stop();
    expect(existsSync(join(folder.path, 'result'))).toBe(false);
    expect(worker.jobs()).toMatchObject([{ state: 'none', errorMsg: 'killed by manager' }]);
  });
});

import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { MirrorConfig } from '@tunasync/config';
import { tempDir, waitFor } from '@tunasync/test-utils';
import { createWorker, type WorkerEvents, type WorkerOptions } from '../src/index.js';
import { configOf, mirrorOf } from './support/mirror.js';

/** A worker on the real machine, without any manager. */
async function realWorker(
  mirrors: Record<string, Partial<MirrorConfig>>,
  options: Partial<WorkerOptions> & { concurrent?: number } = {},
) {
  const { concurrent = 10, ...rest } = options;
  const folder = await tempDir();
  const logDir = join(folder.path, 'log');
  const workingDir = (name: string) => join(folder.path, 'data', name);
  const config = configOf(
    Object.entries(mirrors).map(([name, values]) =>
      mirrorOf(name, { provider: 'command', logDir, workingDir: workingDir(name), ...values }),
    ),
    { concurrent },
  );
  const worker = createWorker({ config, ...rest });
  const ended: WorkerEvents['run-ended'][] = [];
  worker.on('run-ended', (event) => ended.push(event));
  return {
    worker,
    ended,
    folder,
    logDir,
    workingDir,
    endOf: (mirror: string) =>
      waitFor(`the end of ${mirror}`, () => ended.find((end) => end.mirror === mirror)),
    [Symbol.asyncDispose]: async () => {
      await worker.stop();
      await folder.remove();
    },
  };
}

/** Whether a process is there. */
function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');
  } catch {
    return false;
  }
}

describe('a worker on the real machine', () => {
  test('runs commands in their folders, with the environment that it was given, into their logs', async () => {
    await using rig = await realWorker(
      {
        m: {
          command: `sh -c 'pwd; echo "$TUNASYNC_MIRROR_NAME $MINE $OWN $HOME"; touch done'`,
          env: { MINE: 'mine' },
        },
      },
      { env: { PATH: '/usr/bin:/bin', OWN: 'own' } },
    );
    await rig.worker.start();
    const end = await rig.endOf('m');
    expect(end).toMatchObject({ result: 'success', attempts: 1 });
    expect(readFileSync(end.logFile, 'utf8')).toBe(`${rig.workingDir('m')}\nm mine own \n`);
    expect(existsSync(join(rig.workingDir('m'), 'done'))).toBe(true);
  });

  test('tells how a command failed, marks its log, and runs the hooks of both outcomes', async () => {
    await using rig = await realWorker(
      {
        bad: { command: "sh -c 'echo oh no; exit 3'", retry: 2 },
        good: { command: 'true' },
      },
      { retryDelayMs: 1, retryDelayMaxMs: 1 },
    );
    const attempts: string[] = [];
    rig.worker.on('attempt-ended', ({ mirror, attempt, result, message }) => {
      attempts.push([mirror, attempt, result, message].join(' ').trim());
    });
    await rig.worker.start();
    const bad = await rig.endOf('bad');
    await rig.endOf('good');
    expect(attempts.toSorted()).toEqual([
      'bad 1 failed exit status 3',
      'bad 2 failed exit status 3',
      'good 1 success',
    ]);
    expect(bad.logFile).toMatch(/\.log\.fail$/);
    expect(readFileSync(bad.logFile, 'utf8')).toBe('oh no\n');
    expect(readdirSync(rig.logDir).filter((file) => file.startsWith('bad_'))).toHaveLength(2);
  });

  test('a stop ends the whole process group and leaves nothing behind', async () => {
    const left = () => readdirSync(tmpdir()).filter((name) => name.startsWith('tunasync-worker-'));
    const before = left();
    const rig = await realWorker({
      m: { command: `sh -c 'sleep 1000 & echo $! > grandchild; echo $$ > child; wait'` },
    });
    await rig.worker.start();
    const pids = await waitFor('both processes', () => {
      const read = (name: string) => Number(readFileSync(join(rig.workingDir('m'), name), 'utf8'));
      const found = [read('child'), read('grandchild')];
      return found.every((pid) => pid > 0) && found;
    });
    expect(pids.map(alive)).toEqual([true, true]);
    await rig.worker.stop();
    expect(pids.map(alive)).toEqual([false, false]);
    expect(rig.ended).toMatchObject([{ mirror: 'm', result: 'killed', message: 'killed by manager' }]);
    expect(left()).toEqual(before);
    await rig.folder.remove();
  });

  test('a program that is missing, and a folder that cannot be made, fail their mirrors alone', async () => {
    await using other = await tempDir();
    const file = join(other.path, 'file');
    writeFileSync(file, '');
    await using rig = await realWorker({
      missing: { command: '/nowhere/to-be-found' },
      folder: { command: 'true', workingDir: join(file, 'm') },
      log: { command: 'true', logDir: join(file, 'log') },
      good: { command: 'true' },
    });
    await rig.worker.start();
    const ends = await Promise.all(['missing', 'folder', 'log', 'good'].map(rig.endOf));
    expect(ends.map(({ result }) => result)).toEqual(['failed', 'failed', 'failed', 'success']);
    expect(readFileSync(ends[0]?.logFile ?? '', 'utf8')).toContain('/nowhere/to-be-found');
    expect(ends[1]?.message).toContain(join(file, 'm'));
    expect(ends[2]?.message).toContain(join(file, 'log'));
  });

  test('keeps its records in the state folder: what was paused and scheduled is so after the next start', async () => {
    await using state = await tempDir();
    const mirrors = { ran: { command: 'true' }, paused: { command: 'true' } };
    {
      await using first = await realWorker(mirrors, { stateDir: state.path });
      await first.worker.start();
      await Promise.all([first.endOf('ran'), first.endOf('paused')]);
      await first.worker.command({ verb: 'stop', mirror: 'paused' });
    }
    await using second = await realWorker(mirrors, { stateDir: state.path });
    await second.worker.start();
    const jobs = second.worker.jobs();
    expect(jobs.map(({ state }) => state)).toEqual(['ready', 'paused']);
    expect(jobs.map(({ lastStatus }) => lastStatus)).toEqual(['success', 'success']);
    expect((jobs[0]?.nextDue ?? 0) - (jobs[0]?.lastUpdate ?? 0)).toBe(3_600_000);
    expect(second.ended).toEqual([]);
  });

  test('200 due mirrors run through 50 slots', async () => {
    const names = Array.from({ length: 200 }, (_, n) => `m${n}`);
    await using rig = await realWorker(
      Object.fromEntries(names.map((name) => [name, { command: '/bin/true' }])),
      { concurrent: 50 },
    );
    await rig.worker.start();
    await waitFor('all runs', () => rig.ended.length === 200, 60_000);
    expect(rig.ended.every(({ result }) => result === 'success')).toBe(true);
  }, 70_000);
});

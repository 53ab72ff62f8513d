import { mkdir, readdir, readFile, readlink, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { bindMount, canMount, FakeClock } from '@tunasync/test-utils';
import { createHooks, HookRunner, logLimiter, type HookStage } from '../src/index.js';
import { fixture, type Fixture } from './fixture.js';

/** 2026-11-23 12:00 on this machine's wall clock, which log files are named by. */
const noon = new Date(2026, 10, 23, 12, 0).getTime();

const withMounts = canMount() ? test : test.skip;

function runnerOf(run: Fixture, clock: FakeClock): HookRunner {
  return new HookRunner(createHooks([logLimiter({ clock })], run.mirror));
}

/** One attempt whose program writes `text`. */
async function attempt(run: Fixture, runner: HookRunner, text: string, end: HookStage): Promise<void> {
  run.context.attempt++;
  await runner.run('pre-exec', run.context);
  await writeFile(run.context.logFile, text, { flag: 'a' });
  await runner.run('post-exec', run.context);
  await runner.run(end, run.context);
}

const latest = (run: Fixture): Promise<string> => readlink(join(run.mirror.logDir, 'latest'));
const logs = async (run: Fixture): Promise<string[]> =>
  (await readdir(run.mirror.logDir)).filter((name) => name !== 'latest').sort();

describe('log limiter', () => {
  test('names the log of each attempt of a run, marks failed ones and links the latest', async () => {
    await using run = await fixture();
    const clock = new FakeClock(noon);
    const runner = runnerOf(run, clock);
    await runner.run('pre-job', run.context);
    expect(run.context.logFile).toBe('');

    run.context.attempt = 1;
    await runner.run('pre-exec', run.context);
    expect(run.context.logFile).toBe(join(run.mirror.logDir, 'debian_2026-11-23_12_00.log'));
    // the link leads somewhere from the start, and by a relative name
    expect(await latest(run)).toBe('debian_2026-11-23_12_00.log');
    expect(await readFile(join(run.mirror.logDir, 'latest'), 'utf8')).toBe('');

    await runner.run('post-exec', run.context);
    expect(basename(run.context.logFile)).toBe('debian_2026-11-23_12_00.log');
    await runner.run('post-fail', run.context);
    expect(run.context.logFile).toBe(join(run.mirror.logDir, 'debian_2026-11-23_12_00.log.fail'));
    expect(await latest(run)).toBe('debian_2026-11-23_12_00.log.fail');

    await clock.advance(65_000);
    await attempt(run, runner, 'good', 'post-success');
    expect(run.context.logFile).toBe(join(run.mirror.logDir, 'debian_2026-11-23_12_01.log'));
    expect(await latest(run)).toBe('debian_2026-11-23_12_01.log');
    expect(await logs(run)).toEqual(['debian_2026-11-23_12_00.log.fail', 'debian_2026-11-23_12_01.log']);
    expect(run.lines).toEqual([]);
  });

  test('the log of an attempt that a crash interrupted at its end is found again', async () => {
    await using run = await fixture();
    await attempt(run, runnerOf(run, new FakeClock(noon)), 'FAILED', 'post-fail');
    const marked = run.context.logFile;
    // as it was noted when the attempt began
    run.context.logFile = marked.replace(/\.fail$/, '');
    const runner = runnerOf(run, new FakeClock(noon));
    await runner.run('resume', run.context);
    expect(await readFile(run.context.logFile, 'utf8')).toBe('FAILED');
    await runner.run('post-exec', run.context);
    await runner.run('post-fail', run.context);
    expect(run.context.logFile).toBe(marked);
    expect(await logs(run)).toEqual([basename(marked)]);
    expect(run.lines).toEqual([]);
  });

  test('defect 14: two attempts in one minute have a file each', async () => {
    await using run = await fixture();
    const runner = runnerOf(run, new FakeClock(noon));
    await attempt(run, runner, 'a long log of the first attempt', 'post-fail');
    await attempt(run, runner, 'short', 'post-fail');
    await attempt(run, runner, 'good', 'post-success');
    expect(await logs(run)).toEqual([
      'debian_2026-11-23_12_00.log.fail',
      'debian_2026-11-23_12_00_2.log.fail',
      'debian_2026-11-23_12_00_3.log',
    ]);
    expect(await readFile(join(run.mirror.logDir, 'latest'), 'utf8')).toBe('good');
    const second = join(run.mirror.logDir, 'debian_2026-11-23_12_00_2.log.fail');
    expect(await readFile(second, 'utf8')).toBe('short');
  });

  test('defect 14: keeps the newest ten of its own logs and those of all other mirrors', async () => {
    await using run = await fixture();
    const others = Array.from({ length: 12 }, (_, day) => `debian-cd_2026-11-${day + 10}_12_00.log`);
    for (const name of [...others, 'debian.txt']) await writeFile(join(run.mirror.logDir, name), '');
    const clock = new FakeClock(noon);
    const runner = runnerOf(run, clock);
    for (let minute = 0; minute < 13; minute++) {
      await attempt(run, runner, '', minute % 2 === 0 ? 'post-success' : 'post-fail');
      await clock.advance(60_000);
    }
    const left = await logs(run);
    expect(left.filter((name) => name.startsWith('debian_'))).toEqual(
      Array.from({ length: 10 }, (_, at) => {
        const minute = at + 3;
        const stem = `debian_2026-11-23_12_${String(minute).padStart(2, '0')}.log`;
        return minute % 2 === 0 ? stem : `${stem}.fail`;
      }),
    );
    expect(left.filter((name) => !name.startsWith('debian_'))).toEqual([...others, 'debian.txt'].sort());
  });

  test('keeps as many as the mirror says', async () => {
    await using run = await fixture({ logKeep: 2 });
    const clock = new FakeClock(noon);
    const runner = runnerOf(run, clock);
    for (let times = 0; times < 4; times++) {
      await attempt(run, runner, '', 'post-success');
      await clock.advance(60_000);
    }
    expect(await logs(run)).toEqual(['debian_2026-11-23_12_02.log', 'debian_2026-11-23_12_03.log']);
  });

  test('a failed log that was moved away is worth a warning, not the run', async () => {
    await using run = await fixture();
    const runner = runnerOf(run, new FakeClock(noon));
    await runner.run('pre-exec', run.context);
    await rm(run.context.logFile);
    await runner.run('post-fail', run.context);
    expect(run.lines).toEqual([
      expect.stringMatching(/^warn debian: cannot mark .*debian_2026-11-23_12_00\.log as failed: .*ENOENT/),
    ]);
  });

  withMounts(
    'a link and old logs that cannot be replaced are worth a warning each, not the run',
    async () => {
      await using run = await fixture({ logKeep: 1 });
      const { logDir } = run.mirror;
      await mkdir(join(logDir, 'latest'));
      const old = join(logDir, 'debian_2026-11-22_12_00.log');
      await writeFile(old, '');
      // a mount point cannot be removed, even by root
      await using _mount = await bindMount(old, old);
      const runner = runnerOf(run, new FakeClock(noon));
      await runner.run('pre-exec', run.context);
      expect(run.context.logFile).toBe(join(logDir, 'debian_2026-11-23_12_00.log'));
      expect(run.lines).toEqual([
        expect.stringMatching(/^warn debian: cannot link .*\/latest: /),
        expect.stringMatching(/^warn debian: cannot remove old logs in /),
      ]);
      await runner.run('post-fail', run.context);
      expect(run.context.logFile).toBe(join(logDir, 'debian_2026-11-23_12_00.log.fail'));
    },
  );

  test('after the clock was set back, the log that is being written stays and the oldest others go', async () => {
    await using run = await fixture({ logKeep: 2 });
    const clock = new FakeClock(noon + 3_600_000);
    const later = runnerOf(run, clock);
    for (let times = 0; times < 2; times++) {
      await attempt(run, later, '', 'post-success');
      await clock.advance(60_000);
    }
    await attempt(run, runnerOf(run, new FakeClock(noon)), 'now', 'post-success');
    expect(await logs(run)).toEqual(['debian_2026-11-23_12_00.log', 'debian_2026-11-23_13_01.log']);
    expect(await readFile(join(run.mirror.logDir, 'latest'), 'utf8')).toBe('now');
  });

  test('a log folder that cannot be made ends the run', async () => {
    await using run = await fixture({ logDir: '/dev/null/log' });
    const runner = runnerOf(run, new FakeClock(noon));
    await expect(runner.run('pre-exec', run.context)).rejects.toMatchObject({
      code: 'HOOK_FAILED',
      message: expect.stringMatching(/^error exec hook pre-exec: .*\/dev\/null\/log/),
    });
    // nothing to rename
    await runner.run('post-fail', run.context);
    expect(run.context.logFile).toBe('');
  });
});

import { open, readFile, writeFile, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { FakeClock, waitFor } from '@tunasync/test-utils';
import { builtInHooks, createHooks, execHooks, HookRunner, type ExecHooksOptions } from '../src/index.js';
import { fixture, type Fixture } from './fixture.js';

const noon = new Date(2026, 10, 23, 12, 0).getTime();

/** Lines with standard output and error in the file `output`. */
async function withOutput(
  run: Fixture,
  body: (options: ExecHooksOptions, output: () => Promise<string>) => Promise<void>,
): Promise<void> {
  const file = join(run.path, 'output');
  const handle: FileHandle = await open(file, 'a');
  try {
    await body({ env: process.env, output: [handle.fd, handle.fd] }, () => readFile(file, 'utf8'));
  } finally {
    await handle.close();
  }
}

const runnerOf = (run: Fixture, options: ExecHooksOptions): HookRunner =>
  new HookRunner(createHooks([execHooks(options)], run.mirror));

/** Whether a process is there and not only waiting to be reaped. */
async function isAlive(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return stat !== '' && !stat.includes(') Z ');
}

describe('exec hooks', () => {
  test('the last line runs first, success lines after success and failure lines after failure', async () => {
    await using run = await fixture({
      execOnSuccess: ['echo s1', 'echo s2', 'echo s3'],
      execOnFailure: ['echo f1', 'echo f2'],
    });
    await withOutput(run, async (options, output) => {
      const runner = runnerOf(run, options);
      for (const stage of ['pre-job', 'pre-exec', 'post-exec'] as const) await runner.run(stage, run.context);
      expect(await output()).toBe('');
      await runner.run('post-fail', run.context);
      expect(await output()).toBe('f2\nf1\n');
      await runner.run('post-success', run.context);
      expect(await output()).toBe('f2\nf1\ns3\ns2\ns1\n');
    });
  });

  test('a line gets the worker’s environment and six variables, not the env of the mirror', async () => {
    const line = `sh -c 'env | grep -v -E "^(PWD|SHLVL|_|OLDPWD)=" | sort; pwd'`;
    await using run = await fixture({
      upstream: 'rsync://example.org/debian/',
      execOnSuccess: [line],
      execOnFailure: [line],
      env: { SECRET: 'of the mirror' },
      username: 'alice',
      password: 'open sesame',
    });
    run.context.logFile = '/log/debian_2026-11-23_12_00.log';
    await withOutput(run, async (options, output) => {
      const env = { PATH: process.env['PATH'], WORKER: 'its own', TUNASYNC_MIRROR_NAME: 'stale' };
      const runner = runnerOf(run, { ...options, env });
      const expected = (status: string): string[] => [
        `PATH=${process.env['PATH']}`,
        `TUNASYNC_JOB_EXIT_STATUS=${status}`,
        `TUNASYNC_LOG_DIR=${run.mirror.logDir}`,
        'TUNASYNC_LOG_FILE=/log/debian_2026-11-23_12_00.log',
        'TUNASYNC_MIRROR_NAME=debian',
        'TUNASYNC_UPSTREAM_URL=rsync://example.org/debian/',
        'TUNASYNC_WORKING_DIR=/data/debian',
        'WORKER=its own',
        process.cwd(),
      ];
      await runner.run('post-success', run.context);
      await runner.run('post-fail', run.context);
      const lines = (await output()).trimEnd().split('\n');
      expect(lines).toEqual([...expected('success'), ...expected('failure')]);
    });
  });

  test('the words of a line are taken as they are: no shell reads them', async () => {
    await using run = await fixture({ execOnSuccess: [`printf '<%s>' "a b" $HOME '*' ~ | # x`] });
    await withOutput(run, async (options, output) => {
      await runnerOf(run, options).run('post-success', run.context);
      expect(await output()).toBe('<a b><$HOME><*><~><|><#><x>');
    });
  });

  test('the lines see the log before it is renamed', async () => {
    await using run = await fixture({
      execOnFailure: ['sh -c \'echo "$TUNASYNC_LOG_FILE: $(cat "$TUNASYNC_LOG_FILE")"\''],
    });
    await withOutput(run, async (options, output) => {
      const plugins = builtInHooks({ ...options, clock: new FakeClock(noon) });
      expect(plugins.map(({ name }) => name)).toEqual(['log-limiter', 'exec']);
      const runner = new HookRunner(createHooks(plugins, run.mirror));
      const expected: string[] = [];
      for (let attempt = 1; attempt <= 2; attempt++) {
        run.context.attempt = attempt;
        await runner.run('pre-exec', run.context);
        const { logFile } = run.context;
        expect(logFile).toMatch(/\.log$/);
        await writeFile(logFile, `attempt ${attempt}`);
        await runner.run('post-exec', run.context);
        await runner.run('post-fail', run.context);
        expect(run.context.logFile).toBe(`${logFile}.fail`);
        expected.push(`${logFile}: attempt ${attempt}\n`);
      }
      // they run after every attempt
      expect(await output()).toBe(expected.join(''));
    });
  });

  test.each([
    ['false', 'exit status 1'],
    ["sh -c 'exit 7'", 'exit status 7'],
    ["sh -c 'kill -KILL $$'", 'signal: killed'],
    ['/nonexistent/program', "cannot run '/nonexistent/program': there is no such program"],
    ['no-such-program --flag', "cannot run 'no-such-program': there is no such program"],
    ['/etc/passwd', "cannot run '/etc/passwd': it is not executable"],
    ['', 'the line names no program'],
  ])('the line %j fails with: %s', async (line, why) => {
    await using run = await fixture({ execOnSuccess: ['echo not reached', line], execOnFailure: [line] });
    await withOutput(run, async (options, output) => {
      const runner = runnerOf(run, options);
      await expect(runner.run('post-success', run.context)).rejects.toMatchObject({
        code: 'HOOK_FAILED',
        hook: 'exec_on_success[1]',
        message: `error exec hook post-success: ${why}`,
      });
      await expect(runner.run('post-fail', run.context)).rejects.toThrow(`error exec hook post-fail: ${why}`);
      expect(await output()).toBe('');
    });
  });

  test('a failing failure line keeps neither the other lines from running nor the log from its new name', async () => {
    await using run = await fixture({ execOnFailure: ['echo first', 'false'] });
    await withOutput(run, async (options, output) => {
      const plugins = builtInHooks({ ...options, clock: new FakeClock(noon) });
      const runner = new HookRunner(createHooks(plugins, run.mirror));
      await runner.run('pre-exec', run.context);
      await expect(runner.run('post-fail', run.context)).rejects.toThrow(
        'exec hook post-fail: exit status 1',
      );
      expect(await output()).toBe('first\n');
      expect(run.context.logFile).toMatch(/\.log\.fail$/);
    });
  });

  test('a line with an unclosed quote is refused when the hook is created, with mirror, key and place', async () => {
    await using run = await fixture({ execOnFailure: ['true', "echo 'a"] });
    expect(() => createHooks([execHooks({ env: {} })], run.mirror)).toThrow(
      expect.objectContaining({
        code: 'HOOK_CONFIG_INVALID',
        message: expect.stringMatching(/^mirrors\[debian\]\.exec_on_failure\[1\]: \S/),
      }),
    );
  });

  test('stopping the run ends a line with all that it started', async () => {
    await using run = await fixture({
      execOnSuccess: ["sh -c 'sleep 1000 & echo $!; echo $$; wait'"],
    });
    await withOutput(run, async (options, output) => {
      const result = runnerOf(run, options).run('post-success', run.context);
      const pids = await waitFor('both pids', async () => {
        const lines = (await output()).split('\n');
        return lines.length === 3 && lines.slice(0, 2).map(Number);
      });
      run.stop();
      await expect(result).rejects.toThrow('error exec hook post-success: signal: terminated');
      await waitFor('the end of all', async () => !(await isAlive(pids[0]!)) && !(await isAlive(pids[1]!)));
    });
  });

  test('a line that ignores SIGTERM is killed two seconds later', async () => {
    await using run = await fixture({
      execOnSuccess: ['sh -c \'trap : TERM; (trap "" TERM; sleep 1000) & echo $!; wait; wait; exit 3\''],
    });
    await withOutput(run, async (options, output) => {
      const clock = new FakeClock();
      const result = runnerOf(run, { ...options, clock }).run('post-success', run.context);
      const outcome = result.catch((error: unknown) => error);
      const pid = await waitFor('the pid', async () => Number(/^(\d+)\n/.exec(await output())?.[1]) || false);
      run.stop();
      expect(clock.pending).toBe(1);
      await clock.advance(1999);
      expect(await isAlive(pid)).toBe(true);
      await clock.advance(1);
      let over = false;
      void outcome.then(() => (over = true));
      // the kernel takes a moment to end a process; the clock has to advance for another look
      await waitFor('the end of the line', async () => {
        await clock.advance(100);
        return over;
      });
      await waitFor('its end', async () => !(await isAlive(pid)));
      expect(clock.pending).toBe(0);
    });
  });

  test('a run that was stopped still gets its failure lines, for a limited time', async () => {
    await using run = await fixture({
      execOnFailure: ["sh -c 'echo second; exec sleep 1000'", 'echo first'],
    });
    run.stop();
    await withOutput(run, async (options, output) => {
      const clock = new FakeClock();
      const result = runnerOf(run, { ...options, clock, stopLimitMs: 5000 }).run('post-fail', run.context);
      const outcome = result.catch((error: unknown) => error);
      // only the output of the second line shows that the active limit is not the first one's
      await waitFor('both lines', async () => (await output()) === 'first\nsecond\n');
      expect(clock.nextDue).toBe(clock.now() + 5000);
      await clock.advance(5000);
      expect(await outcome).toMatchObject({ message: 'error exec hook post-fail: signal: terminated' });
      expect(clock.pending).toBe(0);
    });
  });

  test('a background process of a line continues and blocks nothing', async () => {
    await using run = await fixture({ execOnSuccess: ["sh -c 'sleep 1000 & echo $!'"] });
    await withOutput(run, async (options, output) => {
      await runnerOf(run, options).run('post-success', run.context);
      const pid = Number(await output());
      expect(await isAlive(pid)).toBe(true);
      process.kill(pid, 'SIGKILL');
    });
  });
});

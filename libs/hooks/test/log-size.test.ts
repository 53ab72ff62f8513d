import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { open, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import { compilePattern, type MirrorConfig } from '@tunasync/config';
import { scanLog } from '@tunasync/run-log';
import { FakeClock, waitFor } from '@tunasync/test-utils';
import { Deferred } from '@tunasync/util';
import { createHooks, HookRunner, logLimiter, type LogLimiterOptions } from '../src/index.js';
import { fixture, type Fixture } from './fixture.js';

const limit = 256 * 1024;

interface Site {
  run: Fixture;
  runner: HookRunner;
  clock: FakeClock;
}

function siteOf(run: Fixture, options: LogLimiterOptions = {}): Site {
  const clock = new FakeClock();
  const plugin = logLimiter({ clock, env: process.env, ...options });
  return { run, clock, runner: new HookRunner(createHooks([plugin], run.mirror)) };
}

const limited = (fields: Partial<MirrorConfig> = {}): Promise<Fixture> =>
  fixture({ logMaxSize: limit, ...fields });
const filler = 'pool/main/a/abc/abc_1.0-1_amd64.deb\n'.repeat(50_000);

describe('log_max_size', () => {
  test('a log is not shortened at the end while its middle is still being given back', async () => {
    await using run = await limited();
    const [punching, mayEnd] = [new Deferred(), new Deferred()];
    const { runner, clock } = siteOf(run, {
      punchHole: () => {
        punching.resolve();
        return mayEnd.promise;
      },
    });
    await runner.run('pre-exec', run.context);
    const { logFile } = run.context;
    await writeFile(logFile, filler);
    await clock.advance(5000);
    await punching.promise;
    const events: string[] = [];
    const ended = runner.run('post-exec', run.context).then(() => void events.push('shortened'));
    // more turns than shortening takes; nothing can be waited for that must not happen
    for (let turn = 0; turn < 500; turn++) expect((await stat(logFile)).size).toBe(filler.length);
    events.push('given back');
    mayEnd.resolve();
    await ended;
    expect(events).toEqual(['given back', 'shortened']);
    expect((await stat(logFile)).size).toBeLessThanOrEqual(limit);
  });

  test('holds while a command prints more than that, and afterwards the log is a plain file', async () => {
    await using run = await limited();
    const { runner, clock } = siteOf(run);
    await runner.run('pre-exec', run.context);
    const { logFile } = run.context;
    const log = await open(logFile, 'a');
    // prints a part for each line of its input
    const program = 'while read part; do seq -f "part $part line %.0f" 50000; echo "part $part done"; done';
    const child = spawn('sh', ['-c', program], { stdio: ['pipe', log.fd, log.fd] });
    await log.close();
    await using _ = { [Symbol.asyncDispose]: () => Promise.resolve(void child.kill()) };
    let most = 0;
    for (let part = 1; part <= 5; part++) {
      child.stdin?.write(`${part}\n`);
      await waitFor('the part', async () =>
        (await readFile(logFile, 'utf8')).includes(`\npart ${part} done\n`),
      );
      await clock.advance(5000);
      // the look itself is not the clock's
      const { blocks } = await waitFor('the log to be cut', async () => {
        const now = await stat(logFile);
        return now.blocks * 512 < 2 * limit && now;
      });
      most = Math.max(most, blocks * 512);
    }
    const ended = once(child, 'exit');
    child.stdin?.end('Total\n');
    await ended;
    expect(most).toBeGreaterThan(limit / 2);
    expect((await stat(logFile)).size).toBeGreaterThan(3_000_000);
    await runner.run('post-exec', run.context);
    await runner.run('post-success', run.context);
    const text = await readFile(logFile, 'utf8');
    expect(text.length).toBeLessThanOrEqual(limit);
    expect(text).toMatch(
      /^part 1 line 1\n[^]*\n\[\.\.\. log_max_size: \d+ bytes were left out here \.\.\.\]\npart Total line/,
    );
    expect(text).toMatch(/\npart Total done\n$/);
    expect(run.lines).toEqual([]);
    expect(clock.pending).toBe(0);
  }, 30_000);

  test('a log below it costs a look now and then, and nothing else', async () => {
    await using run = await limited();
    const { runner, clock } = siteOf(run, {
      punchHole: () => Promise.reject(new TypeError('not to be called')),
    });
    await runner.run('pre-exec', run.context);
    await writeFile(run.context.logFile, 'x'.repeat(limit));
    for (let minute = 0; minute < 3; minute++) {
      await clock.advance(5000);
      const due = await waitFor('the next look', () => clock.nextDue);
      expect(due - clock.now()).toBeLessThanOrEqual(5000);
    }
    await runner.run('post-exec', run.context);
    expect(await readFile(run.context.logFile, 'utf8')).toBe('x'.repeat(limit));
    expect([run.lines, clock.pending]).toEqual([[], 0]);
  });

  test('a log that grows quickly is looked at more often', async () => {
    await using run = await limited();
    const { runner, clock } = siteOf(run);
    await runner.run('pre-exec', run.context);
    expect(clock.nextDue).toBe(clock.now() + 5000);
    await writeFile(run.context.logFile, filler);
    await clock.advance(5000);
    const due = await waitFor('the next look', () => clock.nextDue);
    expect(due - clock.now()).toBeLessThan(1000);
    await runner.run('post-exec', run.context);
    expect(clock.pending).toBe(0);
  });

  test('without it a log may have any size, and no timer is armed', async () => {
    await using run = await fixture();
    const { runner, clock } = siteOf(run);
    await runner.run('pre-exec', run.context);
    expect(clock.pending).toBe(0);
    await writeFile(run.context.logFile, filler);
    await runner.run('post-exec', run.context);
    expect(await readFile(run.context.logFile, 'utf8')).toBe(filler);
  });

  test('lines that fail_on_match and size_pattern match stay in the log', async () => {
    const failOnMatch = compilePattern('(?m)^ERROR: .*');
    const sizePattern = compilePattern('Total size is ([0-9.]+[KMGT]?)');
    await using run = await limited({ failOnMatch, sizePattern });
    const { runner } = siteOf(run);
    await runner.run('pre-exec', run.context);
    await writeFile(run.context.logFile, `${filler}ERROR: one\nTotal size is 12G\n${filler}`);
    await runner.run('post-exec', run.context);
    await runner.run('post-fail', run.context);
    expect(run.context.logFile).toMatch(/\.log\.fail$/);
    expect((await stat(run.context.logFile)).size).toBeLessThanOrEqual(limit);
    expect(await scanLog(run.context.logFile, failOnMatch)).toMatchObject({ matches: 1 });
    expect(await scanLog(run.context.logFile, sizePattern)).toEqual({ matches: 1, lastGroup: '12G' });
  });

  test('a log of an attempt that an earlier process began is watched while its command runs', async () => {
    await using run = await limited();
    const first = siteOf(run);
    await first.runner.run('pre-exec', run.context);
    await writeFile(run.context.logFile, filler);
    const { runner, clock } = siteOf(run);
    await runner.run('resume', run.context);
    await clock.advance(5000);
    await waitFor(
      'the log to be cut',
      async () => (await stat(run.context.logFile)).blocks * 512 < 2 * limit,
    );
    await runner.run('post-exec', run.context);
    expect((await stat(run.context.logFile)).size).toBeLessThanOrEqual(limit);
    expect(clock.pending).toBe(0);
  });

  test('a log of an attempt that an earlier process began is shortened at its end', async () => {
    await using run = await limited();
    const first = siteOf(run);
    await first.runner.run('pre-exec', run.context);
    await writeFile(run.context.logFile, filler);
    await siteOf(run).runner.run('post-exec', run.context);
    expect((await stat(run.context.logFile)).size).toBeLessThanOrEqual(limit);
  });

  test('a file system that cannot give parts of a file back is worth one warning, and the end a cut', async () => {
    await using run = await limited();
    const { runner, clock } = siteOf(run, {
      punchHole: () => Promise.reject(new TypeError('not supported')),
    });
    await runner.run('pre-exec', run.context);
    await writeFile(run.context.logFile, filler);
    await clock.advance(5000);
    await waitFor('the warning', () => run.lines.length === 1);
    await clock.advance(3_600_000);
    expect(run.lines).toEqual([expect.stringMatching(/^warn debian: cannot shorten .*not supported$/)]);
    await runner.run('post-exec', run.context);
    expect((await stat(run.context.logFile)).size).toBeLessThanOrEqual(limit);
    expect(run.lines).toHaveLength(1);
  });

  test('a log that was removed is worth a warning, not the run', async () => {
    await using run = await limited();
    const { runner } = siteOf(run);
    await runner.run('pre-exec', run.context);
    await rm(run.context.logFile);
    await runner.run('post-exec', run.context);
    expect(run.lines).toEqual([expect.stringMatching(/^warn debian: cannot shorten .*ENOENT/)]);
  });
});

import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { compilePattern, type MirrorConfig } from '@tunasync/config';
import { plainMirror } from '@tunasync/test-utils';
import { commandProvider } from '../src/index.js';
import { fixture } from './run-attempt.js';

const sh = (script: string): string => `sh -c '${script}'`;

describe('command', () => {
  test('runs in the working folder, which it makes, and tells the program about the mirror', async () => {
    await using mirror = await fixture();
    const { outcome, log } = await mirror.run(commandProvider, {
      upstream: 'https://example.org/debian/',
      env: { EXTRA: 'of the mirror', TUNASYNC_UPSTREAM_URL: 'https://other.example.org/' },
      command: sh('pwd; env | grep -E "^(TUNASYNC_[^E]|EXTRA)" | sort'),
    });
    expect(outcome).toEqual({ ok: true });
    const { path } = mirror.folder;
    expect(log.split('\n')).toEqual([
      join(path, 'mirror'),
      'EXTRA=of the mirror',
      `TUNASYNC_LOG_DIR=${path}`,
      `TUNASYNC_LOG_FILE=${join(path, 'debian-1.log')}`,
      'TUNASYNC_MIRROR_NAME=debian',
      // what the mirror's env says wins
      'TUNASYNC_UPSTREAM_URL=https://other.example.org/',
      `TUNASYNC_WORKING_DIR=${join(path, 'mirror')}`,
      '',
    ]);
  });

  test('splits its line without a shell', async () => {
    await using mirror = await fixture();
    const { log } = await mirror.run(commandProvider, { command: `printf '<%s>' "a b" $HOME '*' | # c` });
    expect(log).toBe('<a b><$HOME><*><|><#><c>');
  });

  test('runs an executable script with standard output and error in the log', async () => {
    await using mirror = await fixture();
    const script = join(mirror.folder.path, 'sync.sh');
    await writeFile(script, '#!/bin/sh\necho out\necho err >&2\n');
    await chmod(script, 0o755);
    const { outcome, log } = await mirror.run(commandProvider, { command: script });
    expect(outcome).toEqual({ ok: true });
    expect(log).toBe('out\nerr\n');
  });

  test.each<[string, string, Partial<MirrorConfig>, object]>([
    ['exit 0', 'true', {}, { ok: true }],
    [
      'a missing program',
      '/no/such/program -x',
      {},
      { ok: false, message: 'exit status 127: command not found, see the log', reason: 'not-runnable' },
    ],
    ['any other exit', sh('exit 7'), {}, { ok: false, message: 'exit status 7', reason: 'exit-code' }],
    ['an allowed exit code', sh('exit 7'), { successExitCodes: [7] }, { ok: true }],
    [
      'another code than the allowed',
      sh('exit 8'),
      { successExitCodes: [7] },
      { ok: false, message: 'exit status 8', reason: 'exit-code' },
    ],
    ['SIGKILL', sh('kill -KILL $$'), {}, { ok: false, message: 'signal: killed', reason: 'signal' }],
    ['SIGTERM', sh('kill -TERM $$'), {}, { ok: false, message: 'signal: terminated', reason: 'signal' }],
  ])('%s', async (_what, command, fields, expected) => {
    await using mirror = await fixture();
    const { outcome } = await mirror.run(commandProvider, { command, ...fields });
    expect(outcome).toEqual(expected);
  });

  test('going over the memory limit is a reason of its own', async () => {
    const provider = commandProvider.create({ ...plainMirror, command: 'true' });
    const gone = { logDir: '/nonexistent', logFile: '/nonexistent/x.log' };
    const exit = { code: null, signal: 'SIGKILL', outOfMemory: true } as const;
    expect(await provider.inspect(gone, exit)).toMatchObject({ ok: false, reason: 'out-of-memory' });
    // a part of it may have been killed without doing harm
    expect(await provider.inspect(gone, { code: 0, signal: null, outOfMemory: true })).toEqual({ ok: true });
    expect(await provider.inspect(gone, { code: null, signal: null })).toMatchObject({
      reason: 'end-not-seen',
    });
  });

  test('fail_on_match makes a good exit a failure and counts the matches', async () => {
    await using mirror = await fixture();
    const failOnMatch = compilePattern('(?m)^fatal: ');
    const command = `printf 'fatal: a\\nnot fatal: b\\nfatal: c\\n'`;
    const { outcome } = await mirror.run(commandProvider, { command, failOnMatch });
    expect(outcome).toEqual({
      ok: false,
      message: 'Fail-on-match regexp found 2 matches',
      reason: 'fail-on-match',
    });
    const good = await mirror.run(commandProvider, { command: 'echo not fatal: b', failOnMatch });
    expect(good.outcome).toEqual({ ok: true });
  });

  test('fail_on_match counts after an allowed exit code, and not after another failure', async () => {
    await using mirror = await fixture();
    const failOnMatch = compilePattern('bad');
    const command = sh('echo bad; exit 3');
    const allowed = await mirror.run(commandProvider, { command, failOnMatch, successExitCodes: [3] });
    expect(allowed.outcome).toMatchObject({ ok: false, message: 'Fail-on-match regexp found 1 matches' });
    const failed = await mirror.run(commandProvider, { command, failOnMatch });
    expect(failed.outcome).toEqual({ ok: false, message: 'exit status 3', reason: 'exit-code' });
  });

  test('a log that cannot be looked through fails when fail_on_match is given, and only then', async () => {
    const mirror = { ...plainMirror, command: 'true', sizePattern: compilePattern('(.*)') };
    const gone = { logDir: '/nonexistent', logFile: '/nonexistent/x.log' };
    const exit = { code: 0, signal: null };
    expect(await commandProvider.create(mirror).inspect(gone, exit)).toEqual({ ok: true });
    const guarded = { ...mirror, failOnMatch: compilePattern('bad') };
    expect(await commandProvider.create(guarded).inspect(gone, exit)).toEqual({
      ok: false,
      message: expect.stringMatching(/^fail_on_match: .*\/nonexistent\/x\.log/),
      reason: 'log-unreadable',
    });
  });

  test('a search of the log that a stop makes useless is given up', async () => {
    await using mirror = await fixture();
    const attempt = { logDir: mirror.folder.path, logFile: join(mirror.folder.path, 'big.log') };
    // seconds of searching
    await writeFile(attempt.logFile, 'not this one\n'.repeat(2_000_000));
    const stop = new AbortController();
    const exit = { code: 0, signal: null };
    const guarded = { ...plainMirror, command: 'true', failOnMatch: compilePattern('(?i)error|fatal') };
    const inspected = commandProvider.create(guarded).inspect({ ...attempt, signal: stop.signal }, exit);
    const begun = Date.now();
    stop.abort();
    expect(await inspected).toEqual({
      ok: false,
      message: expect.stringMatching(/^fail_on_match: .*given up/),
      reason: 'log-unreadable',
    });
    const sized = { ...plainMirror, command: 'true', sizePattern: compilePattern('(o)') };
    expect(await commandProvider.create(sized).inspect({ ...attempt, signal: stop.signal }, exit)).toEqual({
      ok: true,
    });
    expect(Date.now() - begun).toBeLessThan(3000);
  });

  test.each([
    ['the first group of the last match', 'size-sum: ([0-9.]+[KMGTP])', { ok: true, size: '2.5T' }],
    ['nothing when nothing matches', 'size-pack: (\\S+)', { ok: true }],
    ['nothing when the pattern has no group', 'size-sum: ', { ok: true }],
    ['nothing when the group took no part', 'size-sum: (x)?', { ok: true }],
  ])('size_pattern gives %s', async (_what, pattern, expected) => {
    await using mirror = await fixture();
    const { outcome } = await mirror.run(commandProvider, {
      command: `printf 'size-sum: 1.0G\\nsize-sum: 2.5T\\nbye\\n'`,
      sizePattern: compilePattern(pattern),
    });
    expect(outcome).toEqual(expected);
  });

  test.each([
    ['', 'mirrors[plain].command: expected a program to run'],
    ['   ', 'mirrors[plain].command: expected a program to run'],
    ["''", 'mirrors[plain].command: expected a program to run'],
  ])('refuses the command %j', (command, message) => {
    expect(() => commandProvider.create({ ...plainMirror, command })).toThrow(
      expect.objectContaining({ code: 'PROVIDER_CONFIG_INVALID', message }),
    );
  });

  test('refuses a command whose quotes are not closed, and names the mirror and the key', () => {
    expect(() => commandProvider.create({ ...plainMirror, command: "echo 'a" })).toThrow(
      /^mirrors\[plain\]\.command: .*quote|^mirrors\[plain\]\.command: .*'/,
    );
  });
});

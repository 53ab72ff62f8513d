import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { plainMirror, startRsyncDaemon, tempDir, type RsyncDaemon, type TempDir } from '@tunasync/test-utils';
import { rsyncProvider, twoStageRsyncProvider } from '../src/index.js';
import { fixture } from './run-attempt.js';

/** Files of the upstream: what a Debian mirror is about, in small. */
const tree: Readonly<Record<string, string>> = {
  'pool/a.deb': 'a'.repeat(1500),
  'dists/sid/Packages': 'names a.deb\n',
  'dists/sid/Release': 'names Packages\n',
};

let upstream: TempDir;
let daemon: RsyncDaemon;

beforeAll(async () => {
  upstream = await tempDir();
  for (const [name, content] of Object.entries(tree)) {
    await mkdir(join(upstream.path, name, '..'), { recursive: true });
    await writeFile(join(upstream.path, name), content);
  }
  daemon = await startRsyncDaemon({
    modules: {
      pub: { path: upstream.path },
      closed: { path: upstream.path, users: { alice: 'open sesame' } },
      gone: { path: join(upstream.path, 'not-there') },
    },
  });
});

afterAll(async () => {
  await daemon.stop();
  await upstream.remove();
});

/** All files below a folder with their contents. */
async function files(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const found: Record<string, string> = {};
  for (const entry of entries.filter((one) => one.isFile())) {
    const path = join(entry.parentPath, entry.name);
    found[path.slice(folder.length + 1)] = await readFile(path, 'utf8');
  }
  return found;
}

/** A program beside the mirror to run in place of rsync. */
async function script(folder: string, text: string): Promise<string> {
  const path = join(folder, 'fake-rsync');
  await writeFile(path, `#!/bin/sh\n${text}\n`);
  await chmod(path, 0o755);
  return path;
}

describe('a program that is not there', () => {
  test('is named', async () => {
    await using mirror = await fixture();
    const missing = { upstream: 'rsync://127.0.0.1/x/', command: '/no/such/rsync' };
    expect((await mirror.run(rsyncProvider, missing)).outcome).toEqual({
      ok: false,
      message: 'exit status 127: /no/such/rsync was not found',
      reason: 'not-runnable',
    });
    const file = join(mirror.folder.path, 'plain');
    await writeFile(file, '');
    expect((await mirror.run(rsyncProvider, { ...missing, command: file })).outcome).toEqual({
      ok: false,
      message: `exit status 126: ${file} may not be executed`,
      reason: 'not-runnable',
    });
  });
});

describe('rsync against a real daemon', () => {
  test('makes the mirror the same as the upstream and tells its size', async () => {
    await using mirror = await fixture();
    await mkdir(mirror.workingDir);
    await writeFile(join(mirror.workingDir, 'obsolete'), 'not upstream any more');
    const { outcome, log } = await mirror.run(rsyncProvider, { upstream: daemon.url('pub') });
    expect(outcome).toEqual({
      ok: true,
      size: '1.53K',
      // with `-h` rsync rounds 1526 to 1.53K
      facts: { bytesTransferred: expect.any(Number), files: 3, deletions: 1, totalBytes: 1530 },
    });
    expect(await files(mirror.workingDir)).toEqual(tree);
    expect(log).toContain('deleting obsolete\n');
  });

  test('logs in with the password, which shows in no log and on no command line', async () => {
    await using mirror = await fixture();
    const seen = join(mirror.folder.path, 'command-lines');
    // Everything on the machine that can be seen while rsync runs.
    const command = await script(mirror.folder.path, `cat /proc/[0-9]*/cmdline >${seen}; exec rsync "$@"`);
    const { outcome, log } = await mirror.run(rsyncProvider, {
      upstream: daemon.url('closed'),
      username: 'alice',
      password: 'open sesame',
      command,
    });
    expect(outcome).toMatchObject({ ok: true });
    expect(await files(mirror.workingDir)).toEqual(tree);
    const lines = await readFile(seen, 'utf8');
    expect(lines).toContain(daemon.url('closed'));
    expect(lines).not.toContain('open sesame');
    expect(log).not.toContain('open sesame');
  });

  test('says what the exit code means, in the message and at the end of the log', async () => {
    await using mirror = await fixture();
    const { outcome, log } = await mirror.run(rsyncProvider, {
      upstream: daemon.url('closed'),
      username: 'alice',
      password: 'wrong',
    });
    expect(outcome).toEqual({
      ok: false,
      message: 'exit status 5: Error starting client-server protocol',
      reason: 'exit-code',
    });
    expect(log).toMatch(
      /auth failed on module closed[^]*\nrsync error: Error starting client-server protocol\n$/,
    );
  });

  test('an allowed exit code is a success, and still explained in the log', async () => {
    await using mirror = await fixture();
    const command = await script(
      mirror.folder.path,
      "echo 'Total file size: 1.33T bytes'; echo 'Total file size: 9 bytes'; exit 24",
    );
    const fields = { upstream: daemon.url('pub'), command, successExitCodes: [23, 24] };
    const { outcome, log } = await mirror.run(rsyncProvider, fields);
    expect(outcome).toEqual({ ok: true, size: '9' });
    expect(log).toMatch(/\nrsync error: Partial transfer due to vanished source files\n$/);
  });

  test('an exit code that is not rsync’s, and a signal, stand for themselves', async () => {
    await using mirror = await fixture();
    const upstreamUrl = daemon.url('pub');
    const other = await script(mirror.folder.path, 'echo hello; exit 99');
    const result = await mirror.run(rsyncProvider, { upstream: upstreamUrl, command: other });
    expect(result).toMatchObject({ outcome: { ok: false, message: 'exit status 99' }, log: 'hello\n' });
    const killed = await script(mirror.folder.path, 'kill -KILL $$');
    const signal = await mirror.run(rsyncProvider, { upstream: upstreamUrl, command: killed });
    expect(signal).toMatchObject({ outcome: { ok: false, message: 'signal: killed' }, log: '' });
  });

  test('the outcome stands when the log cannot be written any more', async () => {
    await using mirror = await fixture();
    const provider = rsyncProvider.create({ ...plainMirror, upstream: daemon.url('pub') });
    const logFile = join(mirror.folder.path, 'no-such-folder', 'x.log');
    const outcome = await provider.inspect(
      { logDir: mirror.folder.path, logFile },
      { code: 11, signal: null },
    );
    expect(outcome).toEqual({
      ok: false,
      message: 'exit status 11: Error in file I/O',
      reason: 'exit-code',
    });
  });
});

describe('two-stage-rsync against a real daemon', () => {
  test('makes the mirror the same as the upstream with both stages in one log', async () => {
    await using mirror = await fixture();
    const fields = { upstream: daemon.url('pub'), stage1Profile: 'debian' };
    const { outcome, exits, log } = await mirror.run(twoStageRsyncProvider, fields);
    // both stages together; what is in the mirror is what the second one saw
    expect(outcome).toEqual({
      ok: true,
      size: '1.53K',
      facts: { bytesTransferred: expect.any(Number), files: 3, deletions: 0, totalBytes: 1530 },
    });
    expect(exits).toHaveLength(2);
    expect(await files(mirror.workingDir)).toEqual(tree);
    // the first stage saw less of the upstream than the second
    expect(log.match(/^Total file size: .*/gm)).toEqual([
      'Total file size: 1.50K bytes',
      'Total file size: 1.53K bytes',
    ]);
    expect(log.indexOf('pool/a.deb')).toBeLessThan(log.indexOf('dists/sid/Release'));
  });

  test('when the second stage fails, no index names what is not there and nothing is deleted', async () => {
    await using mirror = await fixture();
    await mkdir(mirror.workingDir);
    await writeFile(join(mirror.workingDir, 'obsolete'), 'old indices name it');
    const command = await script(
      mirror.folder.path,
      'case "$*" in *--delete*) exit 30;; esac; exec rsync "$@"',
    );
    const fields = { upstream: daemon.url('pub'), stage1Profile: 'debian', command };
    const { outcome, log } = await mirror.run(twoStageRsyncProvider, fields);
    expect(outcome).toEqual({
      ok: false,
      message: 'exit status 30: Timeout in data send/receive',
      reason: 'exit-code',
      // the first stage's, which cannot tell how big the mirror is
      facts: { bytesTransferred: expect.any(Number), files: 1, deletions: 0 },
    });
    expect(await files(mirror.workingDir)).toEqual({
      'pool/a.deb': tree['pool/a.deb'],
      obsolete: 'old indices name it',
    });
    expect(log).toMatch(/rsync error: Timeout in data send\/receive\n$/);
  });

  test('the second stage does not run when the first failed', async () => {
    await using mirror = await fixture();
    const fields = { upstream: daemon.url('gone'), stage1Profile: 'debian' };
    const { outcome, exits } = await mirror.run(twoStageRsyncProvider, fields);
    expect(exits).toHaveLength(1);
    expect(outcome).toMatchObject({ ok: false, message: expect.stringMatching(/^exit status \d+: /) });
  });

  test('the second stage runs after an allowed exit code of the first', async () => {
    await using mirror = await fixture();
    const command = await script(
      mirror.folder.path,
      'case "$*" in *--delete*) exec rsync "$@";; esac; exit 24',
    );
    const fields = { upstream: daemon.url('pub'), stage1Profile: 'debian', command, successExitCodes: [24] };
    const { outcome } = await mirror.run(twoStageRsyncProvider, fields);
    expect(outcome).toMatchObject({ ok: true });
    expect(await files(mirror.workingDir)).toEqual(tree);
  });
});

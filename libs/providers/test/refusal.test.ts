import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { connect, createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { plainMirror, startRsyncDaemon, tempDir, type RsyncDaemon, type TempDir } from '@tunasync/test-utils';
import { commandProvider, rsyncProvider, twoStageRsyncProvider, type AttemptOutcome } from '../src/index.js';
import { fixture } from './run-attempt.js';

let upstream: TempDir;
let daemon: RsyncDaemon;

async function script(path: string, text: string): Promise<string> {
  await writeFile(path, `#!/bin/sh\n${text}\n`);
  await chmod(path, 0o755);
  return path;
}

beforeAll(async () => {
  upstream = await tempDir();
  const tree = join(upstream.path, 'tree');
  await mkdir(tree);
  // names of files never count
  await writeFile(join(tree, '@ERROR: max connections (3) reached -- try again later'), 'x');
  const motd = join(upstream.path, 'motd');
  await writeFile(motd, 'We are busy syncing at noon. Too many connections? Try again later.\n');
  const updating = await script(
    join(upstream.path, 'updating'),
    'echo "Archive update in progress."; echo "Try again later."; exit 1',
  );
  const forbidden = await script(join(upstream.path, 'forbidden'), 'echo "Not for you."; exit 1');
  const module = { path: tree };
  daemon = await startRsyncDaemon({
    modules: {
      // zero would be no limit, and a negative one closes the module
      full: { ...module, parameters: { 'max connections': '-1' } },
      updating: { ...module, parameters: { 'pre-xfer exec': updating } },
      forbidden: { ...module, parameters: { 'pre-xfer exec': forbidden } },
      closed: { ...module, users: { alice: 'open sesame' } },
      one: { ...module, parameters: { 'max connections': '1' } },
      open: module,
    },
  });
});

afterAll(async () => {
  await daemon.stop();
  await upstream.remove();
});

/** Serves one answer to every rsync, as a proxy does. */
async function answering(text: string): Promise<AsyncDisposable & { url: string }> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.write('@RSYNCD: 31.0 sha512 sha256 sha1 md5 md4\n');
    socket.once('data', () => socket.end(text));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `rsync://127.0.0.1:${port}/debian/`,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
      }),
  };
}

describe('an upstream that asks to come back later', () => {
  test('is told from a failure: no connection left', async () => {
    await using mirror = await fixture();
    const { outcome } = await mirror.run(rsyncProvider, { upstream: daemon.url('full') });
    expect(outcome).toEqual({
      ok: false,
      message:
        'exit status 5: Error starting client-server protocol: max connections (-1) reached -- try again later',
      reason: 'upstream-refused',
    });
  });

  test('is told from a failure: the only connection is taken by a sync under way', async () => {
    await using mirror = await fixture();
    // a client that got its module and says nothing more holds it
    const holder = connect(daemon.port, '127.0.0.1');
    holder.on('error', () => undefined);
    const said = await new Promise<string>((resolve) => {
      let text = '';
      holder.on('data', (data) => {
        const greeted = text !== '';
        text += data.toString();
        if (!greeted) holder.write('@RSYNCD: 31.0\none\n');
        else if (text.includes('@RSYNCD: OK')) resolve(text);
      });
    });
    expect(said).toContain('@RSYNCD: OK');
    const busy = await mirror.run(twoStageRsyncProvider, {
      upstream: daemon.url('one'),
      stage1Profile: 'debian',
    });
    expect(busy.exits).toHaveLength(1);
    expect(busy.outcome).toMatchObject({
      reason: 'upstream-refused',
      message: expect.stringMatching(/: max connections \(1\) reached -- try again later$/),
    });
    holder.destroy();
  });

  test('is told from a failure: the script before the transfer says so', async () => {
    await using mirror = await fixture();
    const { outcome, log } = await mirror.run(rsyncProvider, { upstream: daemon.url('updating') });
    expect(log).toContain('pre-xfer exec returned failure');
    expect(outcome).toMatchObject({
      ok: false,
      reason: 'upstream-refused',
      message: expect.stringMatching(/^exit status \d+: .*: Archive update in progress\. Try again later\.$/),
    });
  });

  test.each([
    'per-IP connection limit for upstream debian reached, retry later',
    'module is being updated',
    'sync in progress',
    'The server is currently too busy',
    'Too many connections from your network',
    'failed to update module connection lock; please try again later',
  ])('is told from a failure: %s', async (text) => {
    await using mirror = await fixture();
    await using server = await answering(`welcome\n@ERROR: ${text}\n`);
    const { outcome } = await mirror.run(rsyncProvider, { upstream: server.url });
    expect(outcome).toMatchObject({ ok: false, reason: 'upstream-refused' });
    expect((outcome as { message: string }).message).toMatch(new RegExp(`: ${text}$`));
  });

  test('is no success when rsync takes it for one', async () => {
    await using mirror = await fixture();
    const words = 'Server queue is full for this upstream. Please retry later.';
    await using server = await answering(`${words}\n@RSYNCD: EXIT\n`);
    const { outcome, exits } = await mirror.run(rsyncProvider, { upstream: server.url });
    expect(exits).toEqual([{ code: 0, signal: null }]);
    expect(outcome).toEqual({ ok: false, message: `exit status 0: ${words}`, reason: 'upstream-refused' });
  });

  test('cannot put control characters or a long story into the message', async () => {
    await using mirror = await fixture();
    await using server = await answering(`@ERROR: try again later \x1b[31m${'x'.repeat(500)}\n`);
    const { outcome } = await mirror.run(rsyncProvider, { upstream: server.url });
    const { message } = outcome as { message: string };
    // eslint-disable-next-line no-control-regex -- that is what is looked for
    expect(message).not.toMatch(/[\u0000-\u001f]/);
    expect(message.length).toBeLessThan(260);
  });
});

describe('what is no such wish', () => {
  test.each(['closed', 'forbidden', 'no-such-module'])(
    'an upstream that refuses for good (%s)',
    async (module) => {
      await using mirror = await fixture();
      const { outcome } = await mirror.run(rsyncProvider, { upstream: daemon.url(module) });
      expect(outcome).toMatchObject({ ok: false, reason: 'exit-code' });
    },
  );

  test.each([
    '@ERROR: max connections (3) reached -- try again later\n',
    'update in progress\nrsync error: timeout in data send/receive (code 30) at io.c(1) [receiver=3.2.7]\n',
    '@ERROR: try again later\nsome/file\nrsync error: error in rsync protocol data stream (code 12) at io.c\n',
    'pre-xfer exec returned failure (1)\nupdate in progress\n' + 'some/file\n'.repeat(12),
  ])('names of files, and what is not said at the end: %j', async (log) => {
    await using folder = await tempDir();
    const attempt = { logDir: folder.path, logFile: join(folder.path, 'x.log') };
    await writeFile(attempt.logFile, log.startsWith('@ERROR: max') ? `${log}another/file\n` : log);
    const provider = rsyncProvider.create({ ...plainMirror, upstream: 'rsync://example.org/' });
    const exit = { code: 12, signal: null };
    expect(await provider.inspect(attempt, exit)).toMatchObject({ ok: false, reason: 'exit-code' });
  });

  test('a file of such a name in a sync that goes well', async () => {
    await using mirror = await fixture();
    const { outcome, log } = await mirror.run(rsyncProvider, { upstream: daemon.url('open') });
    expect(log).toContain('@ERROR: max connections (3) reached');
    expect(outcome).toMatchObject({ ok: true, facts: { files: 1 } });
  });
});

describe('a script that runs rsync', () => {
  const run = async (command: string): Promise<AttemptOutcome> => {
    await using mirror = await fixture();
    const { outcome } = await mirror.run(commandProvider, { command: `sh -c '${command}'` });
    return outcome;
  };

  test('passes the daemon’s own words on', async () => {
    expect(await run(`rsync ${daemon.url('full')} || exit 3`)).toEqual({
      ok: false,
      message: 'exit status 3: max connections (-1) reached -- try again later',
      reason: 'upstream-refused',
    });
  });

  test.each([
    ['other words', 'echo "@ERROR: update in progress"; exit 5'],
    [
      'another failure after it',
      'echo "@ERROR: max connections (3) reached -- try again later"; echo "rsync error: x (code 23) at main.c(1)"; exit 23',
    ],
    ['words within a line', 'echo "see @ERROR: max connections (3) reached -- try again later"; exit 5'],
  ])('%s are a failure', async (_what, command) => {
    expect(await run(command)).toMatchObject({ ok: false, reason: 'exit-code' });
  });

  test('a success stays one', async () => {
    expect(await run('echo "@ERROR: max connections (3) reached -- try again later"')).toEqual({ ok: true });
  });

  test('tells what its rsyncs did together', async () => {
    const url = daemon.url('open');
    const outcome = await run(`rsync -a --stats ${url} a/ && rsync -ah --stats ${url} b/`);
    expect(outcome).toMatchObject({ ok: true, facts: { files: 2, deletions: 0 } });
    expect(outcome.facts).not.toHaveProperty('totalBytes');
  });
});

test('a result is read the same by a process that started nothing, from the log alone', async () => {
  await using mirror = await fixture();
  const fields = { upstream: daemon.url('open'), stage1Profile: 'debian' };
  const { outcome, exits } = await mirror.run(twoStageRsyncProvider, fields);
  const logFile = join(mirror.folder.path, 'debian-1.log');
  const before = await readFile(logFile, 'utf8');
  const other = twoStageRsyncProvider.create({ ...plainMirror, workingDir: mirror.workingDir, ...fields });
  expect(await other.inspect({ logDir: mirror.folder.path, logFile }, exits.at(-1)!)).toEqual(outcome);
  expect(await readFile(logFile, 'utf8')).toBe(before);
});

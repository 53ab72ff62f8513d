import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { reservePort, hasRedisServer, startRedisServer, tempDir, tlsFixture } from '@tunasync/test-utils';
import { runMain, type MainRun } from './run-main.js';

const get = async (url: string): Promise<unknown> => (await fetch(url)).json();
const post = async (url: string, body: unknown): Promise<unknown> =>
  (await fetch(url, { method: 'POST', body: JSON.stringify(body) })).json();

const ended = '2026-11-23T03:00:00.123456789+08:00';
const next_schedule = '2036-11-24T03:00:00Z';

/** Runs a manager until the end of the test. */
async function serving(...flags: string[]) {
  const run = runMain(...flags);
  const stop = async (): Promise<void> => {
    run.signal('SIGTERM');
    await run.ended;
  };
  return { url: await run.url(), [Symbol.asyncDispose]: stop };
}

/** Compares the answers of two managers; the order of lists does not matter. */
async function answers(url: string, paths: readonly string[]): Promise<unknown> {
  const bodies = await Promise.all(paths.map((path) => get(url + path)));
  return bodies.map((body) => (body as unknown[]).map((item) => JSON.stringify(item)).sort());
}

/** Runs a manager with a worker that has two mirrors and one finished run. */
async function runningManager() {
  const dir = await tempDir();
  const flags = ['--port', '0', '--db-file', join(dir.path, 'db'), '--status-file', join(dir.path, 'status')];
  const manager = await serving(...flags);
  const { url } = manager;
  await post(`${url}/workers`, { id: 'w1', url: 'http://127.0.0.1:6000/', token: 'hush' });
  const times = { last_started: ended, last_ended: ended, last_update: ended };
  await post(`${url}/workers/w1/jobs/a`, {
    name: 'a',
    status: 'success',
    size: '1.33T',
    next_schedule,
    ...times,
  });
  await post(`${url}/workers/w1/jobs/b`, { name: 'b', status: 'disabled' });
  const result = {
    id: 'run-1',
    name: 'a',
    started: ended,
    ended: new Date().toISOString(),
    result: 'success',
  };
  await post(`${url}/workers/w1/runs`, result);
  return {
    url,
    flags,
    async [Symbol.asyncDispose](): Promise<void> {
      await manager[Symbol.asyncDispose]();
      await dir.remove();
    },
  };
}

async function finished(
  run: MainRun,
): Promise<{ code: number | undefined; out: string; errors: readonly string[] }> {
  const code = await run.ended;
  return { code, out: run.out(), errors: run.errors };
}

describe('tunasync-manager --import', () => {
  test('--import fills the database from a running manager, repeatedly, and the manager then serves it', async () => {
    await using from = await runningManager();
    await using dir = await tempDir();
    const flags = [
      '--port',
      '0',
      '--db-file',
      join(dir.path, 'db'),
      '--status-file',
      join(dir.path, 'status'),
    ];
    expect(await finished(runMain(...flags, '--import', from.url))).toEqual({
      code: 0,
      errors: [],
      out: `Imported from ${from.url}: 1 workers (1 new, 0 updated, 0 unchanged); 2 mirrors (2 new, 0 updated, 0 unchanged); 1 finished runs (1 new, 0 updated, 0 unchanged)\n`,
    });
    expect((await finished(runMain(...flags, '-import', from.url))).out).toBe(
      `Imported from ${from.url}: 1 workers (0 new, 0 updated, 1 unchanged); 2 mirrors (0 new, 0 updated, 2 unchanged); 1 finished runs (0 new, 0 updated, 1 unchanged)\n`,
    );
    await using to = await serving(...flags);
    const { url } = to;
    const paths = ['/jobs', '/workers/w1/jobs', '/jobs/a/history', '/workers'];
    expect(await answers(url, paths)).toEqual(await answers(from.url, paths));
    // the worker switches to this manager: it registers, and receives the statuses that it needs to keep its plan
    await post(`${url}/workers`, { id: 'w1', url: 'http://127.0.0.1:6000/' });
    expect(await get(`${url}/workers/w1/jobs`)).toMatchObject([
      { name: 'a', status: 'success', last_update: ended, next_schedule },
      { name: 'b', status: 'disabled' },
    ]);
  });

  const redisTest = hasRedisServer() ? test : test.skip;
  redisTest('into redis, too', async () => {
    await using from = await runningManager();
    await using redis = await startRedisServer();
    const db = ['--db-type', 'redis', '--db-file', `redis://127.0.0.1:${redis.port}/0`];
    expect(await finished(runMain(...db, '--import', from.url))).toMatchObject({ code: 0, errors: [] });
    await using dir = await tempDir();
    await using to = await serving(...db, '--port', '0', '--status-file', join(dir.path, 'status'));
    const paths = ['/jobs', '/jobs/a/history'];
    expect(await answers(to.url, paths)).toEqual(await answers(from.url, paths));
  });

  test('--import refuses while a manager uses the database', async () => {
    await using from = await runningManager();
    expect(await finished(runMain(...from.flags, '--import', from.url))).toEqual({
      code: 1,
      out: '',
      errors: [
        expect.stringMatching(
          /^tunasync-manager: cannot open the database .*db: another process uses it; stop the manager that runs on it first$/,
        ),
      ],
    });
    expect(await get(`${from.url}/jobs`)).toHaveLength(2);
  });

  test.each([
    ['nonsense', /^tunasync-manager: --import: expected a URL such as http:/],
    [
      'http://user:hunter2@127.0.0.1:PORT',
      /^tunasync-manager: cannot import: cannot reach http:\/\/127\.0\.0\.1:\d+\/workers: /,
    ],
  ])('--import prints its failure in one line: %s', async (url, line) => {
    await using dir = await tempDir();
    const at = url.replace('PORT', String(await reservePort()));
    const result = await finished(runMain('--db-file', join(dir.path, 'db'), '--import', at));
    expect(result).toEqual({ code: 1, out: '', errors: [expect.stringMatching(line)] });
    expect(result.errors.join()).not.toContain('hunter2');
  });

  test('--import refuses a database folder that cannot be created at once', async () => {
    const result = await finished(
      runMain('--db-file', '/proc/nope/deeper/db', '--import', 'http://127.0.0.1:9'),
    );
    expect(result).toMatchObject({
      code: 1,
      errors: [expect.stringMatching(/cannot write the database \/proc\/nope/)],
    });
  });

  test('--import over HTTPS trusts the authority of --ca-cert, or of the file', async () => {
    const { cert, key, certFile, keyFile } = tlsFixture();
    const server = createServer({ cert, key }, (_, response) => response.end('[]'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      await using dir = await tempDir();
      const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
      const flags = ['--db-file', join(dir.path, 'db'), '--import', url];
      expect(await finished(runMain(...flags, '--ca-cert', certFile))).toMatchObject({ code: 0, errors: [] });
      expect(await finished(runMain(...flags))).toMatchObject({
        code: 1,
        errors: [expect.stringMatching(/^tunasync-manager: cannot import: cannot reach https:.*certificate/)],
      });
      expect(await finished(runMain(...flags, '--ca-cert', keyFile))).toMatchObject({
        code: 1,
        errors: [`tunasync-manager: files.ca_cert: ${keyFile}: expected a certificate in PEM form`],
      });
    } finally {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  });
});

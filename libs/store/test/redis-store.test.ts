import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { memoryLogger, nullLogger } from '@tunasync/logger';
import { zeroTime, type MirrorStatus } from '@tunasync/protocol';
import {
  reservePort,
  hasRedisServer,
  startRedisServer,
  waitFor,
  type RedisServer,
} from '@tunasync/test-utils';
import { Redis } from 'ioredis';
import { statusStoreContract, type StoreUnderTest } from '../src/contract/store-contract.js';
import { CachedStore, openRedisStore, type StatusStore } from '../src/index.js';

const redisTest = hasRedisServer() ? test : test.skip;

let server: RedisServer;
let url: string;
beforeAll(async () => {
  if (!hasRedisServer()) return;
  server = await startRedisServer(['--requirepass', 'hunter2']);
  url = `redis://:hunter2@127.0.0.1:${server.port}/1`;
});
afterAll(async () => {
  if (hasRedisServer()) await server.stop();
});
beforeEach(async () => {
  if (hasRedisServer()) await raw((client) => client.flushall());
});

const opened: StatusStore[] = [];
/** Opens a store that is closed after the test, also when that fails: a client connects again for ever. */
async function openStore(...args: Parameters<typeof openRedisStore>): Promise<StatusStore> {
  const store = await openRedisStore(...args);
  opened.push(store);
  return store;
}
afterEach(async () => {
  await Promise.all(opened.splice(0).map((store) => store.close()));
});

/** Talks to the server as another program would. */
async function raw<T>(use: (client: Redis) => Promise<T>): Promise<T> {
  const client = new Redis({ port: server.port, host: '127.0.0.1', password: 'hunter2', db: 1 });
  try {
    return await use(client);
  } finally {
    client.disconnect();
  }
}

const statusOf = (name: string, size = '1'): MirrorStatus => ({
  name,
  worker: 'tuna',
  is_master: true,
  status: 'success',
  last_update: zeroTime,
  last_started: zeroTime,
  last_ended: zeroTime,
  next_schedule: zeroTime,
  upstream: '',
  size,
  error_msg: '',
});

async function underTest(open: () => Promise<StatusStore>): Promise<StoreUnderTest> {
  let current = await open();
  return {
    store: current,
    reopen: async () => {
      await current.close();
      return (current = await open());
    },
    dispose: () => current.close(),
  };
}

statusStoreContract({
  describe,
  test: redisTest,
  name: 'redis',
  open: () => underTest(() => openRedisStore(url, { logger: nullLogger })),
});
statusStoreContract({
  describe,
  test: redisTest,
  name: 'cached redis on a unix socket',
  open: () =>
    underTest(async () =>
      CachedStore.open(await openRedisStore(`unix://:hunter2@${server.socket}?db=1`, { logger: nullLogger })),
    ),
});

/** The error of opening `at`, which must not show the password in any form. */
async function openingError(at: string, timeout = 1000): Promise<{ code: string; message: string }> {
  const error: unknown = await openRedisStore(at, { logger: nullLogger, timeout }).then(
    async (store) => {
      await store.close();
      return new Error('it was opened');
    },
    (reason: unknown) => reason,
  );
  const { code, message, cause, stack } = error as Error & { code: string };
  expect(JSON.stringify([error, message, cause, stack])).not.toContain('hunter2');
  return { code, message };
}

describe('the layout of the original', () => {
  const worker =
    '{"id":"tuna","url":"http://x/","token":"","last_online":"2026-11-24T01:21:41.402910625+08:00","last_register":"2026-11-24T01:20:00.000000001+08:00"}';
  const debian =
    '{"name":"debian","worker":"tuna","is_master":true,"status":"success","last_update":"2026-11-24T01:21:41.402910625+08:00","last_started":"2026-11-24T01:20:11.1+08:00","last_ended":"2026-11-24T01:21:41.402910625+08:00","next_schedule":"0001-01-01T00:00:00Z","upstream":"rsync://example.org/debian/","size":"1.33T","error_msg":""}';

  redisTest('is read, and written as one hash a bucket', async () => {
    await raw((client) => client.hset('workers', 'tuna', worker));
    await raw((client) => client.hset('mirror_status', 'debian/tuna', debian));
    const store = await openStore(url, { logger: nullLogger });
    expect(store.kind).toBe('redis');
    expect(await store.listWorkers()).toEqual([JSON.parse(worker)]);
    expect(await store.getStatus('tuna', 'debian')).toEqual(JSON.parse(debian));
    const read = await store.getStatus('tuna', 'debian');
    await store.write([{ type: 'put-status', status: { ...read!, name: 'ubuntu' } }]);
    await store.close();
    expect(await raw((client) => client.hgetall('mirror_status'))).toEqual({
      'debian/tuna': debian,
      'ubuntu/tuna': debian.replace('"debian"', '"ubuntu"'),
    });
    expect(await raw((client) => client.keys('*'))).toHaveLength(2);
  });

  redisTest('a value that cannot be read is reported with hash and field', async () => {
    await raw((client) => client.hset('mirror_status', 'debian/tuna', '{"status":"dancing"}'));
    const { code, message } = await openingError(url);
    expect(code).toBe('STORE_DAMAGED');
    expect(message).toContain(`redis at 127.0.0.1:${server.port}/1 is damaged: `);
    expect(message).toContain(`the value of "debian/tuna" in 'mirror_status' cannot be read: status: `);
  });

  redisTest('a key of another type is not written over', async () => {
    await raw((client) => client.set('workers', 'mine'));
    expect(await openingError(url)).toEqual({
      code: 'STORE_NOT_A_DATABASE',
      message: `redis at 127.0.0.1:${server.port}/1: 'workers' is a string, expected a hash of tunasync`,
    });
    expect(await raw((client) => client.get('workers'))).toBe('mine');
  });
});

describe('a server that cannot be used', () => {
  redisTest('because nobody listens', async () => {
    const port = await reservePort();
    const { code, message } = await openingError(`redis://:hunter2@127.0.0.1:${port}`);
    expect(code).toBe('STORE_UNREACHABLE');
    expect(message).toContain(`cannot use redis at 127.0.0.1:${port}/0: `);
    expect(message).toContain('ECONNREFUSED');
  });

  redisTest.each(['redis://127.0.0.1:1', 'unix:///nowhere/redis.sock'])(
    'keeps no timer armed that would hold the process: %s',
    async (nowhere) => {
      const timers = (): number =>
        process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
      const before = timers();
      expect((await openingError(nowhere)).code).toBe('STORE_UNREACHABLE');
      expect(timers()).toBe(before);
    },
  );

  redisTest('because the socket is missing', async () => {
    const { code, message } = await openingError(`unix://:hunter2@${server.socket}x`);
    expect(code).toBe('STORE_UNREACHABLE');
    expect(message).toContain('ENOENT');
  });

  redisTest('because the password is wrong or missing', async () => {
    const wrong = await openingError(`redis://:hunter22@127.0.0.1:${server.port}`);
    expect(wrong.code).toBe('STORE_UNREACHABLE');
    expect(wrong.message).toContain('WRONGPASS');
    const missing = await openingError(`redis://127.0.0.1:${server.port}`);
    expect(missing.code).toBe('STORE_UNREACHABLE');
    expect(missing.message).toContain('NOAUTH');
  });

  redisTest('because the database does not exist', async () => {
    const { code, message } = await openingError(`redis://:hunter2@127.0.0.1:${server.port}/99`);
    expect(code).toBe('STORE_UNREACHABLE');
    expect(message).toContain('DB index is out of range');
  });

  redisTest('because it speaks no TLS', async () => {
    const { code } = await openingError(`rediss://:hunter2@127.0.0.1:${server.port}`, 200);
    expect(code).toBe('STORE_UNREACHABLE');
  });

  redisTest('because it hangs', async () => {
    server.pause();
    try {
      expect((await openingError(url, 200)).code).toBe('STORE_UNREACHABLE');
    } finally {
      server.resume();
    }
  });
});

describe('a connection that is lost', () => {
  redisTest('fails writes after a bounded wait, and they work again when the server is back', async () => {
    await using own = await startRedisServer();
    const logger = memoryLogger();
    const store = await openStore(`redis://127.0.0.1:${own.port}`, { logger, timeout: 300 });
    await store.write([{ type: 'put-status', status: statusOf('debian') }]);
    await own.kill();
    const results = await Promise.allSettled(
      ['a', 'b', 'c'].map((name) => store.write([{ type: 'put-status', status: statusOf(name) }])),
    );
    expect(results.map((result) => (result as { reason: { code: string } }).reason.code)).toEqual([
      'STORE_WRITE_FAILED',
      'STORE_WRITE_FAILED',
      'STORE_WRITE_FAILED',
    ]);
    await expect(store.listStatuses()).rejects.toMatchObject({ code: 'STORE_READ_FAILED' });
    await expect(store.write([{ type: 'delete-worker', id: 'x' }])).rejects.toThrow(
      `cannot write to redis at 127.0.0.1:${own.port}/0: `,
    );
    await own.start();
    await waitFor('a write to work again', async () => {
      await store.write([{ type: 'put-status', status: statusOf('back') }]);
      return true;
    });
    // rejected writes are not sent later
    expect((await store.listStatuses()).map(({ name }) => name)).toEqual(['back']);
    await waitFor('the log', () => logger.messages().length >= 2);
    expect(logger.messages()).toEqual([
      `Lost the connection to redis at 127.0.0.1:${own.port}/0`,
      `Connected to redis at 127.0.0.1:${own.port}/0 again`,
    ]);
    await store.close();
  });

  redisTest('because the server hangs fails writes after a bounded wait, and they work again', async () => {
    await using own = await startRedisServer();
    const store = await openStore(`unix://${own.socket}`, { logger: nullLogger, timeout: 300 });
    own.pause();
    await expect(store.write([{ type: 'put-status', status: statusOf('a') }])).rejects.toMatchObject({
      code: 'STORE_WRITE_FAILED',
    });
    await expect(store.write([{ type: 'put-status', status: statusOf('b') }])).rejects.toMatchObject({
      code: 'STORE_WRITE_FAILED',
    });
    own.resume();
    await waitFor('a write to work again', async () => {
      await store.write([{ type: 'put-status', status: statusOf('c', 'new') }]);
      return true;
    });
    expect((await store.getStatus('tuna', 'c'))?.size).toBe('new');
    await store.close();
  });

  redisTest('does not keep close from ending', async () => {
    await using own = await startRedisServer();
    const store = await openStore(`redis://127.0.0.1:${own.port}`, { logger: nullLogger, timeout: 300 });
    await own.kill();
    await store.close();
    await store.close();
    await expect(store.listWorkers()).rejects.toMatchObject({ code: 'STORE_CLOSED' });
  });

  redisTest('shows in the cache as what the server holds', async () => {
    await using own = await startRedisServer();
    const redis = await openStore(`redis://127.0.0.1:${own.port}`, {
      logger: nullLogger,
      timeout: 300,
    });
    const cache = await CachedStore.open(redis);
    await cache.write([{ type: 'put-status', status: statusOf('debian') }]);
    await own.kill();
    await expect(
      cache.write([{ type: 'put-status', status: statusOf('debian', '2') }]),
    ).rejects.toMatchObject({
      code: 'STORE_WRITE_FAILED',
    });
    expect(cache.statuses()).toEqual([statusOf('debian')]);
    await own.start();
    await waitFor('a write to work again', async () => {
      await cache.write([{ type: 'put-status', status: statusOf('ubuntu') }]);
      return true;
    });
    // the new server began empty
    expect(cache.statuses()).toEqual([statusOf('ubuntu')]);
    await cache.close();
  });
});

redisTest('a write that the server refuses is told, and nothing of it is there', async () => {
  await using own = await startRedisServer(['--maxmemory', '3mb']);
  const store = await openStore(`redis://127.0.0.1:${own.port}`, { logger: nullLogger });
  const big = 'x'.repeat(500_000);
  await expect(
    (async () => {
      for (let index = 0; index < 20; index++) {
        await store.write([
          { type: 'put-status', status: statusOf('small') },
          { type: 'put-status', status: { ...statusOf(`big${String(index)}`), error_msg: big } },
          { type: 'put-status', status: statusOf(`after${String(index)}`) },
        ]);
      }
    })(),
  ).rejects.toMatchObject({ code: 'STORE_WRITE_FAILED', message: expect.stringContaining('OOM') as unknown });
  const names = (await store.listStatuses()).map(({ name }) => name);
  const count = (prefix: string): number => names.filter((name) => name.startsWith(prefix)).length;
  expect(count('big')).toBe(count('after'));
  await store.close();
});

import { request, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import { nullLogger } from '@tunasync/logger';
import { CachedStore, memoryStore } from '@tunasync/store';
import { waitFor } from '@tunasync/test-utils';
import { createManager } from '../src/index.js';
import { register, reportOf, startApi, ways, type Api, type Way } from './api.js';
import { fakeWorker, type FakeWorker } from './fake-worker.js';

const log = 'a_2026-11-24_03_04.log';

async function site(way: Way, answer: (request: IncomingMessage, response: ServerResponse) => void) {
  const worker = await fakeWorker(answer);
  const api = await startApi(way);
  await add(api, 'w1', worker.url, 'a', 'c++ 镜');
  return {
    api,
    worker,
    [Symbol.asyncDispose]: async () => {
      await api[Symbol.asyncDispose]();
      await worker[Symbol.asyncDispose]();
    },
  };
}

async function add(api: Api, id: string, url: string, ...mirrors: string[]): Promise<void> {
  await api.post('/workers', { id, url, token: '' });
  for (const name of mirrors) await api.post(`/workers/${id}/jobs/x`, reportOf(name));
}

const json = (response: ServerResponse, status: number, body: unknown): void => {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
};

describe.each(ways)('logs, %s', (way) => {
  test('are requested from the worker that has the mirror, and its answer is returned', async () => {
    await using at = await site(way, (_, response) => {
      json(response, 200, { logs: [] });
    });
    const { api, worker } = at;
    expect(await api.get('/jobs/c%2B%2B%20%E9%95%9C/logs')).toMatchObject({
      status: 200,
      json: { logs: [] },
      headers: { 'content-type': 'application/json; charset=utf-8', 'x-content-type-options': 'nosniff' },
    });
    await api.get(`/jobs/a/logs/${log}/search?q=a%26b&worker=w1&limit=5`);
    await add(api, 'w2', `${worker.url}behind/a/proxy/`, 'b');
    await api.get('/jobs/b/logs');
    expect(worker.asked).toEqual([
      'GET /jobs/c%2B%2B%20%E9%95%9C/logs',
      `GET /jobs/a/logs/${log}/search?q=a%26b&limit=5`,
      'GET /behind/a/proxy/jobs/b/logs',
    ]);
  });

  test('keep their ranges, and are plain text whatever type the worker gives', async () => {
    await using at = await site(way, (_, response) => {
      response.writeHead(206, {
        'content-type': 'text/html',
        'content-range': 'bytes 3-5/9',
        'content-length': 3,
        'x-log-start': 3,
        'set-cookie': 'a=b',
      });
      response.end('<b>');
    });
    const answer = await raw(at.api.url, `/jobs/a/logs/${log}?tail=5`, { range: 'bytes=3-5', cookie: 'x' });
    expect(answer).toMatchObject({
      status: 206,
      text: '<b>',
      headers: {
        'content-type': 'text/plain; charset=utf-8',
        'content-range': 'bytes 3-5/9',
        'x-log-start': '3',
        'content-security-policy': 'sandbox',
      },
    });
    expect(answer.headers['set-cookie']).toBeUndefined();
    expect(at.worker.last()?.headers).toMatchObject({ range: 'bytes=3-5' });
    expect(at.worker.last()?.headers.cookie).toBeUndefined();
  });

  test('of a mirror at several workers need the name of the worker', async () => {
    await using at = await site(way, (_, response) => {
      json(response, 200, { logs: [] });
    });
    await register(at.api, 'w0', 'a');
    const { url } = at.worker;
    expect(await at.api.get('/jobs/a/logs')).toMatchObject({
      status: 400,
      json: { error: "several workers have a mirror 'a': w0, w1; give ?worker=" },
    });
    expect(await at.api.get('/jobs/a/logs?worker=w1')).toMatchObject({ status: 200 });
    expect(await at.api.get('/jobs/a/logs?worker=nope')).toMatchObject({
      status: 400,
      json: { error: 'invalid workerID nope' },
    });
    expect(await at.api.get('/jobs/nope/log/stream')).toMatchObject({
      status: 404,
      json: { error: "no worker has a mirror 'nope'" },
    });
    expect(url).toContain('127.0.0.1');
  });

  test.each([
    [404, { msg: "Mirror ``a'' has no log ``x''" }, 404, "Mirror ``a'' has no log ``x''"],
    [416, { msg: 'Range: the log has 5 bytes' }, 416, 'Range: the log has 5 bytes'],
    [400, { msg: 'q: no' }, 400, 'q: no'],
    [503, { msg: 'busy' }, 503, 'worker w1: busy'],
    [500, { msg: 'cannot read' }, 502, 'worker w1: cannot read'],
    [403, { msg: 'no certificate' }, 502, 'worker w1: no certificate'],
    [302, '', 502, 'worker w1: it answered with status 302'],
  ])('that the worker refuses with %i %j give its reason', async (status, body, told, error) => {
    await using at = await site(way, (_, response) => {
      json(response, status, body);
    });
    expect(await at.api.get(`/jobs/a/logs/${log}`)).toMatchObject({ status: told, json: { error } });
  });

  test('of a worker of v0.10 are not offered', async () => {
    await using original = await site(way, (_, response) => {
      response.writeHead(404, { 'content-type': 'text/plain' }).end('404 page not found');
    });
    const error = 'worker w1 does not offer its logs: it is of an older version';
    for (const path of ['logs', `logs/${log}`, 'log/stream', `logs/${log}/search?q=x`]) {
      expect(await original.api.get(`/jobs/a/${path}`)).toMatchObject({ status: 501, json: { error } });
    }
    await using older = await site(way, (_, response) => {
      json(response, 404, { msg: 'Not found: GET /jobs/a/logs' });
    });
    expect(await older.api.get('/jobs/a/logs')).toMatchObject({ status: 501, json: { error } });
  });

  test('of a worker that is gone or has no URL are unavailable', async () => {
    await using at = await site(way, (_, response) => response.destroy());
    expect(await at.api.get('/jobs/a/logs')).toMatchObject({
      status: 502,
      json: { error: expect.stringMatching(/^worker w1 cannot be reached: /) },
    });
    await add(at.api, 'w2', '', 'b');
    expect(await at.api.get('/jobs/b/logs')).toMatchObject({
      status: 502,
      json: { error: 'worker w2 cannot be reached: it has registered without a URL' },
    });
  });

  test('with names that lead to other files are not requested', async () => {
    await using at = await site(way, (_, response) => {
      json(response, 200, {});
    });
    for (const path of [
      '/jobs/a/logs/..',
      '/jobs/a/logs/%2e%2e',
      '/jobs/a/logs/..%2F..%2Fx',
      '/jobs/a/logs/%00',
    ]) {
      expect(await at.api.get(path)).toMatchObject({
        status: 404,
        json: { error: "mirror 'a' has no such log" },
      });
    }
    expect(await at.api.get('/jobs/%2e%2e/logs')).toMatchObject({ status: 400 });
    expect(await at.api.get('/jobs/a/logs/x?tail=0')).toMatchObject({ status: 400 });
    expect(at.worker.asked).toEqual([]);
  });
});

describe('a faulty worker', () => {
  test.each([
    ['less than it said', 'content-length: 9\r\n\r\nabc'],
    ['a chunk that is none', 'transfer-encoding: chunked\r\n\r\n3\r\nabc\r\nzz\r\n'],
    ['a chunk and nothing more', 'transfer-encoding: chunked\r\n\r\n3\r\nabc\r\n'],
  ])('that sends %s does not give an answer that looks complete', async (_, rest) => {
    await using worker = await rawWorker(`HTTP/1.1 200 OK\r\n${rest}`);
    await using api = await startApi();
    await add(api, 'w1', worker.url, 'a');
    const incoming = await open(api.url, `/jobs/a/logs/${log}`, {});
    await expect(
      (async () => {
        for await (const chunk of incoming) expect(String(chunk)).toBe('abc');
      })(),
    ).rejects.toThrow('aborted');
  });

  test.each([
    ['rubbish', 'rubbish\r\n\r\n'],
    ['nothing', ''],
    ['a change of protocol', 'HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n'],
    ['endless headers', `HTTP/1.1 200 OK\r\nx: ${'x'.repeat(100_000)}\r\n\r\n`],
  ])('that answers with %s cannot be reached', async (_, text) => {
    await using worker = await rawWorker(text);
    await using api = await startApi();
    await add(api, 'w1', worker.url, 'a');
    expect(await api.get('/jobs/a/logs')).toMatchObject({
      status: 502,
      json: { error: expect.stringMatching(/^worker w1 cannot be reached: /) },
    });
  });

  test.each([
    ['<html>', 'it answered with something else than JSON'],
    ['"text"', 'it answered with something else than JSON'],
    ['', 'it answered with something else than JSON'],
    [`["${'x'.repeat(17 << 20)}"]`, 'its answer has more than 16777216 bytes'],
  ])('that sends %.10s as JSON is reported', async (body, problem) => {
    await using at = await site('front', (_, response) => response.end(body));
    expect(await at.api.get('/jobs/a/logs')).toMatchObject({
      status: 502,
      json: { error: `worker w1: ${problem}` },
    });
  });

  test('cannot send encoded, cacheable or redirected answers to the reader', async () => {
    let headers: Record<string, string> = { 'content-encoding': 'gzip' };
    await using at = await site('front', (_, response) => {
      response.writeHead(200, headers).end('x');
    });
    expect(await at.api.get(`/jobs/a/logs/${log}`)).toMatchObject({
      status: 502,
      json: { error: 'worker w1: it encodes its answer (gzip)' },
    });
    headers = { 'cache-control': 'public, max-age=1000', link: '<x>; rel=preload', refresh: '0; url=x' };
    const answer = await at.api.get(`/jobs/a/logs/${log}`);
    expect(answer).toMatchObject({ status: 200, headers: { 'cache-control': 'no-store' } });
    expect([answer.headers['link'], answer.headers['refresh']]).toEqual([undefined, undefined]);
    await using other = await fakeWorker((_, response) => response.end('{}'));
    await using sent = await site('front', (_, response) => {
      response.writeHead(307, { location: other.url }).end();
    });
    expect(await sent.api.get('/jobs/a/logs')).toMatchObject({ status: 502 });
    expect(other.asked).toEqual([]);
  });

  test.each(['ftp://127.0.0.1/', 'file:///etc/', 'nothing', 'http://'])(
    'with the URL %s cannot be reached',
    async (url) => {
      await using api = await startApi();
      await add(api, 'w1', 'http://127.0.0.1:1/', 'a');
      // as v0.10 has stored it
      const worker = api.store.worker('w1');
      if (worker !== undefined) await api.store.write([{ type: 'put-worker', worker: { ...worker, url } }]);
      expect(await api.get('/jobs/a/logs')).toMatchObject({
        status: 502,
        json: { error: 'worker w1 cannot be reached: it has registered without a URL' },
      });
    },
  );

  test('with a password in its URL does not expose it in any answer', async () => {
    await using at = await site('front', (_, response) => response.destroy());
    const url = at.worker.url.replace('http://', 'http://admin:geheim@');
    await add(at.api, 'w2', url, 'b');
    await add(at.api, 'w3', 'http://admin:geheim@127.0.0.1:1/', 'c');
    for (const name of ['b', 'c']) {
      const { status, bytes } = await at.api.get(`/jobs/${name}/logs`);
      expect([status, bytes.includes('geheim')]).toEqual([502, false]);
    }
    expect(JSON.stringify(at.api.logger.lines)).not.toContain('geheim');
  });

  test('with a log of the longest possible name is asked for it', async () => {
    const name = 'm'.repeat(200);
    await using at = await site('front', (_, response) => response.end('x'));
    await add(at.api, 'w2', at.worker.url, name);
    const long = `${name}_2026-11-24_03_04_12.log.fail`;
    expect(await at.api.get(`/jobs/${name}/logs/${long}`)).toMatchObject({ status: 200 });
    expect(await at.api.get(`/jobs/${name}/logs/${'x'.repeat(256)}`)).toMatchObject({ status: 404 });
  });
});

test('a reader that disconnects at any time leaves no connection to a worker open', async () => {
  const open = new Set<ServerResponse>();
  await using at = await site('front', (incoming, response) => {
    open.add(response);
    response.once('close', () => open.delete(response));
    if (incoming.url?.includes('mute') === true) return;
    response.writeHead(200, { 'content-type': 'text/plain' });
    response.write('x'.repeat(100_000));
  });
  const paths = ['log/stream', `logs/${log}`, 'logs/mute', `logs/${log}/search?q=x`];
  for (let n = 0; n < 100; n++) {
    const asked = request(`${at.api.url}/jobs/a/${paths[n % paths.length]}`, { agent: false });
    asked.on('error', () => undefined).end();
    if (n % 3 === 1) await waitFor('the worker to be asked', () => at.worker.asked.length > 0);
    if (n % 3 === 2) await new Promise((resolve) => setTimeout(resolve, n % 7));
    asked.destroy();
  }
  await waitFor('all of them to be let go', () => open.size === 0);
});

describe.each(ways)('the stream of a log, %s', (way) => {
  test('arrives as it is written, reports the loss of the worker, and is closed when its reader disconnects', async () => {
    const streams: ServerResponse[] = [];
    await using at = await site(way, (_, response) => {
      streams.push(response.writeHead(200, { 'content-type': 'text/event-stream' }));
      response.write('data: one\n\n');
    });
    const stream = await follow(at.api.url, '/jobs/a/log/stream?tail=3', { 'last-event-id': 'x:5' });
    await waitFor('the line', () => stream.text() === 'data: one\n\n');
    expect(at.worker.last()?.headers).toMatchObject({ 'last-event-id': 'x:5' });
    expect(at.worker.asked).toEqual(['GET /jobs/a/log/stream?tail=3']);
    streams[0]?.destroy();
    await stream.ended;
    expect(stream.text()).toBe(
      'data: one\n\n\n\nevent: end\ndata: {"reason":"the connection to worker w1 is lost"}\n\n',
    );
    const left = await follow(at.api.url, '/jobs/a/log/stream');
    await waitFor('the line', () => left.text() !== '');
    left.incoming.destroy();
    await waitFor('the worker to be let go', () => streams[1]?.destroyed);
  });

  test('is held back at the worker when its reader is slow', async () => {
    let sent = 0;
    await using at = await site(way, (_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      const line = `data: ${'x'.repeat(65_000)}\n\n`;
      const write = (): void => {
        while (!response.destroyed) {
          sent += line.length;
          if (!response.write(line)) break;
        }
      };
      response.on('drain', write);
      write();
    });
    const stream = await follow(at.api.url, '/jobs/a/log/stream');
    stream.incoming.pause();
    let before = -1;
    await waitFor('the worker to be held back', async () => {
      if (before === sent) return true;
      before = sent;
      await new Promise((resolve) => setTimeout(resolve, 200));
      return false;
    });
    // as much as the buffers of three sockets hold
    expect(sent).toBeLessThan(40_000_000);
    stream.incoming.destroy();
  });
});

test('a manager that stops ends its streams immediately', async () => {
  await using worker: FakeWorker = await fakeWorker((_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: one\n\n');
  });
  const store = await CachedStore.open(memoryStore());
  const manager = createManager({
    config: { server: { addr: '127.0.0.1', port: 0 } },
    store,
    logger: nullLogger,
  });
  await manager.start();
  const url = manager.url ?? '';
  const post = (path: string, body: unknown): Promise<Response> =>
    fetch(`${url}${path}`, { method: 'POST', body: JSON.stringify(body) });
  await post('/workers', { id: 'w1', url: worker.url });
  await post('/workers/w1/jobs/a', reportOf('a'));
  const stream = await follow(url, '/jobs/a/log/stream');
  await waitFor('the line', () => stream.text() !== '');
  await manager.stop();
  await stream.ended;
  expect(stream.text()).toContain('event: end\ndata: {"reason":"the manager stops"}\n');
  manager.app[Symbol.dispose]();
  await store.close();
});

/** A worker that answers every request with a text and closes the connection. */
async function rawWorker(text: string) {
  const server = createServer((socket) => {
    socket.on('error', () => undefined).once('data', () => socket.end(text));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    [Symbol.asyncDispose]: () =>
      new Promise<void>((resolve) => {
        server.close(() => {
          resolve();
        });
      }),
  };
}

function open(url: string, path: string, headers: Record<string, string>): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request(`${url}${path}`, { headers, agent: false }, resolve).on('error', reject).end();
  });
}

async function raw(url: string, path: string, headers: Record<string, string>) {
  const incoming = await open(url, path, headers);
  let text = '';
  for await (const chunk of incoming) text += String(chunk);
  return { status: incoming.statusCode, headers: incoming.headers, text };
}

async function follow(url: string, path: string, headers: Record<string, string> = {}) {
  const incoming = await open(url, path, headers);
  let text = '';
  incoming.on('data', (chunk: Buffer) => (text += chunk.toString()));
  incoming.on('error', () => undefined);
  return {
    incoming,
    text: () => text,
    ended: new Promise<void>((resolve) => incoming.once('close', resolve)),
  };
}

import { describe, expect, test } from '@jest/globals';
import { zeroTime, type MirrorStatus } from '@tunasync/protocol';
import { FakeClock, reservePort, tlsFixture, waitFor } from '@tunasync/test-utils';
import {
  axiosTransport,
  BadReplyError,
  ClientOptionsError,
  ManagerClient,
  nodeTransport,
  RefusedError,
  UnreachableError,
  type ManagerClientOptions,
} from '../src/index.js';
import { json, serve, serveTcp, text } from './scripted-server.js';

const status: MirrorStatus = {
  name: 'debian',
  worker: 'w1',
  is_master: true,
  status: 'success',
  last_update: '2026-11-23T17:21:52.434486282Z',
  last_started: '2026-11-23T17:21:51+08:00',
  last_ended: '2026-11-23T17:21:52.434486282Z',
  next_schedule: zeroTime,
  upstream: 'rsync://example.org/debian/',
  size: '1.5G',
  error_msg: '',
};
const webStatus = {
  name: 'debian',
  is_master: true,
  status: 'success',
  last_update: '2026-11-23 17:21:52 +0000',
  last_update_ts: 1795454512,
  last_started: '2026-11-23 17:21:51 +0000',
  last_started_ts: 1795454511,
  last_ended: '2026-11-23 17:21:52 +0000',
  last_ended_ts: 1795454512,
  next_schedule: '2026-11-23 19:21:52 +0000',
  next_schedule_ts: 1795461712,
  upstream: 'rsync://example.org/debian/',
  size: '1.5G',
};
const worker = {
  id: 'w1',
  url: 'http://10.0.0.2:6000/',
  token: 'REDACTED',
  last_online: '2026-11-23T17:21:52Z',
  last_register: '2026-11-23T17:21:52Z',
};

describe.each([
  ['axios', axiosTransport],
  ['node:http', nodeTransport],
])('ManagerClient over %s', (_name, transport) => {
  const clientOf = (baseUrl: string, options: Omit<ManagerClientOptions, 'baseUrl'> = {}): ManagerClient =>
    new ManagerClient({ baseUrl, transport, ...options });

  test('each method requests its route with its body and resolves to the answer', async () => {
    await using server = await serve(json({ message: 'pong' }));
    using client = clientOf(server.url);

    expect(await client.ping()).toBe('pong');
    server.answer = json([webStatus]);
    expect(await client.listJobs()).toEqual([webStatus]);
    server.answer = json({ message: 'flushed' });
    expect(await client.flushDisabledJobs()).toBe('flushed');
    server.answer = json([worker]);
    expect(await client.listWorkers()).toEqual([worker]);
    server.answer = json(worker);
    expect(await client.registerWorker({ id: 'w1', url: worker.url })).toEqual(worker);
    server.answer = json({ message: 'deleted' });
    expect(await client.deleteWorker('w 1/ü')).toBe('deleted');
    server.answer = json([status]);
    expect(await client.listWorkerJobs('w1')).toEqual([status]);
    server.answer = json(status);
    expect(await client.reportStatus('w1', status)).toEqual(status);
    expect(await client.reportSize('w1', { name: 'debian', size: '1.5G' })).toEqual(status);
    server.answer = json({});
    const schedules = [{ name: 'debian', next_schedule: status.last_update }];
    await client.reportSchedules('w1', { schedules });
    server.answer = json({ message: 'successfully send command to worker w1' });
    const cmd = {
      cmd: 'start',
      mirror_id: 'debian',
      worker_id: 'w1',
      args: null,
      options: { force: true },
    } as const;
    expect(await client.sendCommand(cmd)).toBe('successfully send command to worker w1');

    expect(server.seen.map(({ method, url, body }) => [method, url, body])).toEqual([
      ['GET', '/ping', ''],
      ['GET', '/jobs', ''],
      ['DELETE', '/jobs/disabled', ''],
      ['GET', '/workers', ''],
      [
        'POST',
        '/workers',
        JSON.stringify({
          token: '',
          last_online: zeroTime,
          last_register: zeroTime,
          id: 'w1',
          url: worker.url,
        }),
      ],
      ['DELETE', '/workers/w%201%2F%C3%BC', ''],
      ['GET', '/workers/w1/jobs', ''],
      ['POST', '/workers/w1/jobs/debian', JSON.stringify(status)],
      ['POST', '/workers/w1/jobs/debian/size', '{"name":"debian","size":"1.5G"}'],
      ['POST', '/workers/w1/schedules', JSON.stringify({ schedules })],
      ['POST', '/cmd', JSON.stringify(cmd)],
    ]);
    const posts = server.seen.filter(({ method }) => method === 'POST');
    for (const { headers, body } of posts) {
      expect(headers['content-type']).toBe('application/json; charset=utf-8');
      expect(headers['content-length']).toBe(String(Buffer.byteLength(body)));
    }
  });

  test('a base URL may have a path, trailing slashes and userinfo, which becomes basic authentication', async () => {
    await using server = await serve(json({ message: 'pong' }));
    for (const path of ['/tuna/sync', '/tuna/sync/', '/tuna/sync//']) {
      using client = clientOf(`http://ann:s3cret@127.0.0.1:${server.port}${path}`);
      expect(await client.ping()).toBe('pong');
      expect(client.address).toBe(`${server.url}/tuna/sync`);
    }
    expect(server.seen.map(({ url }) => url)).toEqual(Array(3).fill('/tuna/sync/ping'));
    expect(server.seen[0]!.headers.authorization).toBe(
      `Basic ${Buffer.from('ann:s3cret').toString('base64')}`,
    );
  });

  test('headers of the options are sent with every request', async () => {
    await using server = await serve(json({ message: 'pong' }));
    using client = clientOf(server.url, { headers: { authorization: 'Bearer abc' } });
    await client.ping();
    expect(server.seen[0]!.headers.authorization).toBe('Bearer abc');
  });

  test('requests in a row share one connection, and close() closes it', async () => {
    await using server = await serve(json({ message: 'pong' }));
    const client = clientOf(server.url);
    for (let turn = 0; turn < 3; turn++) await client.ping();
    expect(server.sockets.size).toBe(1);
    client.close();
    await waitFor('the connection to be closed', () => server.sockets.size === 0);
    await expect(client.ping()).rejects.toMatchObject({ code: 'CLIENT_ABORTED' });
  });

  test('an idle connection that the server closed is replaced', async () => {
    await using server = await serve(json({ message: 'pong' }));
    using client = clientOf(server.url);
    await client.ping();
    // the server does not answer on the kept connection, as if it was about to close it
    let dropped = 0;
    server.answer = (seen, request, response) => {
      if (dropped++ === 0) request.socket.destroy();
      else json({ message: 'pong again' })(seen, request, response);
    };
    expect(await client.ping()).toBe('pong again');
    expect(dropped).toBe(2);
  });

  test('a request on a new connection that breaks is not sent again', async () => {
    await using server = await serve((_seen, request) => {
      request.socket.destroy();
    });
    using client = clientOf(server.url);
    await expect(client.ping()).rejects.toMatchObject({
      code: 'CLIENT_UNREACHABLE',
      reason: 'closed',
      message: `cannot reach ${server.url}/ping: the connection was closed before the answer was complete`,
    });
    expect(server.seen).toHaveLength(1);
  });

  test('an incomplete answer is an error', async () => {
    await using server = await serve((_seen, request, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('{"message":', () => request.socket.destroy());
    });
    using client = clientOf(server.url);
    await expect(client.ping()).rejects.toMatchObject({ code: 'CLIENT_UNREACHABLE', reason: 'closed' });
  });

  test('null counts as an empty list, unknown fields are dropped, missing fields get their zero value', async () => {
    await using server = await serve(text('null'));
    using client = clientOf(server.url);
    expect(await client.listJobs()).toEqual([]);
    expect(await client.listWorkers()).toEqual([]);
    expect(await client.listWorkerJobs('w1')).toEqual([]);
    server.answer = json([{ name: 'debian', mood: 'good' }]);
    expect(await client.listWorkerJobs('w1')).toEqual([
      {
        name: 'debian',
        worker: '',
        is_master: false,
        status: 'none',
        last_update: zeroTime,
        last_started: zeroTime,
        last_ended: zeroTime,
        next_schedule: zeroTime,
        upstream: '',
        size: '',
        error_msg: '',
      },
    ]);
  });

  test('multi-byte characters survive a split over packets', async () => {
    const body = Buffer.from(JSON.stringify({ message: '鏡'.repeat(3) }));
    await using server = await serve((_seen, _request, response) => {
      response.write(body.subarray(0, 13), () => response.end(body.subarray(13)));
    });
    using client = clientOf(server.url);
    expect(await client.ping()).toBe('鏡鏡鏡');
  });

  test.each([
    [400, '{"error":"worker nope is not registered yet"}', 'worker nope is not registered yet'],
    [404, '{"msg":"Mirror ``x\'\' not found"}', "Mirror ``x'' not found"],
    [503, '{"message":"maintenance"}', 'maintenance'],
    [404, '404 page not found', undefined],
    [500, '{"error":7}', undefined],
    [500, 'null', undefined],
  ])('HTTP %i with %s is a refusal that carries it', async (httpStatus, body, serverMessage) => {
    await using server = await serve(text(body, httpStatus));
    using client = clientOf(server.url);
    const error = await client.ping().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(RefusedError);
    expect(error).toMatchObject({ code: 'CLIENT_REFUSED', httpStatus, body, serverMessage });
    expect((error as RefusedError).message).toBe(
      `${server.url}/ping answered ${httpStatus}: ${serverMessage ?? body}`,
    );
  });

  test('a redirect counts as a refusal and is not followed', async () => {
    await using server = await serve(text('', 302, { location: '/elsewhere' }));
    using client = clientOf(server.url);
    await expect(client.ping()).rejects.toMatchObject({ code: 'CLIENT_REFUSED', httpStatus: 302 });
    expect(server.seen).toHaveLength(1);
  });

  test.each([
    ['<html>', 'not JSON'],
    ['{"massage":"pong"}', 'message'],
    ['[]', ''],
    ['', 'not JSON'],
  ])('a 200 with %s is a bad reply', async (body, why) => {
    await using server = await serve(text(body));
    using client = clientOf(server.url);
    const error = await client.ping().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(BadReplyError);
    expect(error).toMatchObject({ code: 'CLIENT_BAD_REPLY', address: `${server.url}/ping` });
    expect((error as BadReplyError).message).toContain(why);
  });

  test('an error about a list names the invalid field', async () => {
    await using server = await serve(json([status, { ...status, status: 'sleeping' }]));
    using client = clientOf(server.url);
    await expect(client.listWorkerJobs('w1')).rejects.toMatchObject({
      code: 'CLIENT_BAD_REPLY',
      message: expect.stringContaining('1.status'),
    });
  });

  test('an answer that is not HTTP is a bad reply', async () => {
    await using server = await serveTcp((socket) => socket.end('220 mail.example.org ESMTP\r\n'));
    using client = clientOf(server.url);
    await expect(client.ping()).rejects.toMatchObject({
      code: 'CLIENT_BAD_REPLY',
      message: `${server.url}/ping gave an invalid answer: it is not HTTP`,
    });
  });

  test('a closed port is an error with the address and without the password', async () => {
    const port = await reservePort();
    using client = clientOf(`http://ann:s3cret@127.0.0.1:${port}`);
    const error = await client.ping().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(UnreachableError);
    expect(error).toMatchObject({
      code: 'CLIENT_UNREACHABLE',
      reason: 'refused',
      message: `cannot reach http://127.0.0.1:${port}/ping: connection refused`,
    });
  });

  test('a host whose addresses all refuse counts as refused', async () => {
    const port = await reservePort();
    using client = clientOf(`http://localhost:${port}`);
    await expect(client.ping()).rejects.toMatchObject({ code: 'CLIENT_UNREACHABLE', reason: 'refused' });
  });

  test('an unknown host name is reported as a DNS error', async () => {
    using client = clientOf('http://manager.invalid:14242');
    await expect(client.ping()).rejects.toMatchObject({
      code: 'CLIENT_UNREACHABLE',
      reason: 'dns',
      message: expect.stringMatching(/^cannot reach http:\/\/manager\.invalid:14242\/ping: the host name/),
    });
  });

  test('a request without an answer in time is reported as sent, not confirmed', async () => {
    await using server = await serve(() => undefined);
    const clock = new FakeClock();
    using client = clientOf(server.url, { timeoutMs: 100, clock });
    const late = expect(client.ping()).rejects.toMatchObject({
      code: 'CLIENT_TIMEOUT',
      message: `no answer from ${server.url}/ping within 0.1 s: sent, not confirmed`,
    });
    await waitFor('the request', () => server.seen.length === 1);
    await clock.advance(100);
    await late;
    expect(server.seen).toHaveLength(1);
    await waitFor('its connection to be closed', () => server.sockets.size === 0);
  });

  test('an answer that trickles in ends at the time limit of the request', async () => {
    const clock = new FakeClock();
    let trickle = (): Promise<void> => Promise.reject(new Error('no request yet'));
    await using server = await serve((_seen, _request, response) => {
      trickle = () =>
        new Promise((resolve) => {
          response.write(' ', () => {
            resolve();
          });
        });
    });
    using client = clientOf(server.url, { clock });
    const late = expect(client.ping({ timeoutMs: 150 })).rejects.toMatchObject({ code: 'CLIENT_TIMEOUT' });
    await waitFor('the request', () => server.seen.length === 1);
    for (let ms = 0; ms < 150; ms += 50) {
      await trickle();
      expect(clock.pending).toBe(1);
      await clock.advance(50);
    }
    await late;
  });

  test('a request without a connection in time is not reported as sent', async () => {
    // accepts the connection and never starts TLS
    let connections = 0;
    await using server = await serveTcp(() => (connections += 1));
    const clock = new FakeClock();
    using client = clientOf(server.url.replace('http:', 'https:'), { timeoutMs: 100, clock });
    const late = expect(client.ping()).rejects.toMatchObject({
      code: 'CLIENT_UNREACHABLE',
      reason: 'timeout',
      message: expect.stringContaining('no connection within 0.1 s'),
    });
    await waitFor('the connection', () => connections === 1);
    await clock.advance(100);
    await late;
  });

  test('a caller can abort before and during the request', async () => {
    await using server = await serve(() => undefined);
    using client = clientOf(server.url);
    await expect(client.ping({ signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'CLIENT_ABORTED',
    });
    const caller = new AbortController();
    const pending = client.ping({ signal: caller.signal });
    const outcome = expect(pending).rejects.toMatchObject({
      code: 'CLIENT_ABORTED',
      message: `the request to ${server.url}/ping was aborted`,
    });
    await waitFor('the request to arrive', () => server.seen.length === 1);
    caller.abort();
    await outcome;
  });

  test('a hundred concurrent requests share one signal without a warning', async () => {
    const warnings: string[] = [];
    const onWarning = (warning: Error): void => void warnings.push(warning.message);
    process.on('warning', onWarning);
    await using server = await serve(json({ message: 'pong' }));
    using client = clientOf(server.url);
    const { signal } = new AbortController();
    const answers = await Promise.all(Array.from({ length: 100 }, () => client.ping({ signal })));
    expect(new Set(answers)).toEqual(new Set(['pong']));
    await new Promise((resolve) => setImmediate(resolve));
    process.off('warning', onWarning);
    expect(warnings).toEqual([]);
  });

  test('close() aborts running requests', async () => {
    await using server = await serve(() => undefined);
    const client = clientOf(server.url);
    const outcome = expect(client.ping()).rejects.toMatchObject({ code: 'CLIENT_ABORTED' });
    await waitFor('the request to arrive', () => server.seen.length === 1);
    client.close();
    await outcome;
  });

  test('HTTPS trusts only the given authority', async () => {
    const tls = tlsFixture();
    await using server = await serve(json({ message: 'pong' }), tls);
    using trusting = clientOf(server.url, { caCert: tls.cert });
    expect(await trusting.ping()).toBe('pong');
    for (const options of [{ caCert: tls.otherCa }, {}]) {
      using other = clientOf(server.url, options);
      await expect(other.ping()).rejects.toMatchObject({
        code: 'CLIENT_UNREACHABLE',
        reason: 'tls',
        message: `cannot reach ${server.url}/ping: TLS: its certificate is not signed by a trusted authority`,
      });
    }
  });

  test('HTTPS refuses a certificate for another name', async () => {
    const tls = tlsFixture();
    await using server = await serve(json({ message: 'pong' }), tls);
    using client = clientOf(`https://127.0.0.2:${server.port}`, { caCert: tls.cert });
    server.server.close();
    const elsewhere = await new Promise<number>((resolve) => {
      server.server.once('close', () => {
        server.server.listen(server.port, '127.0.0.2', () => {
          resolve(server.port);
        });
      });
    });
    expect(elsewhere).toBe(server.port);
    await expect(client.ping()).rejects.toMatchObject({
      reason: 'tls',
      message: expect.stringContaining('its certificate is for another host name'),
    });
  });

  test('HTTPS to a server of plain HTTP is reported as a TLS error', async () => {
    await using server = await serve(json({ message: 'pong' }));
    using client = clientOf(`https://127.0.0.1:${server.port}`);
    await expect(client.ping()).rejects.toMatchObject({
      reason: 'tls',
      message: expect.stringContaining('is it an HTTPS server?'),
    });
  });

  test('proxy variables are ignored', async () => {
    await using server = await serve(json({ message: 'pong' }));
    await using proxy = await serve(json({ message: 'from the proxy' }));
    const names = ['http_proxy', 'HTTP_PROXY', 'https_proxy', 'all_proxy', 'ALL_PROXY'];
    const before = names.map((name) => process.env[name]);
    for (const name of names) process.env[name] = proxy.url;
    try {
      using client = clientOf(server.url);
      expect(await client.ping()).toBe('pong');
    } finally {
      names.forEach((name, index) => {
        if (before[index] === undefined) Reflect.deleteProperty(process.env, name);
        else process.env[name] = before[index];
      });
    }
    expect(proxy.seen).toEqual([]);
  });
});

describe('ManagerClient options', () => {
  test.each(['', '127.0.0.1:14242', 'ftp://host/', 'http://', '/var/run/x'])(
    'base URL %j is refused',
    (baseUrl) => {
      expect(() => new ManagerClient({ baseUrl })).toThrow(ClientOptionsError);
      expect(() => new ManagerClient({ baseUrl })).toThrow('expected a URL such as http://127.0.0.1:14242');
    },
  );

  test('an invalid CA certificate is refused', () => {
    expect(
      () => new ManagerClient({ baseUrl: 'https://h', caCert: '-----BEGIN CERTIFICATE-----\nxx\n' }),
    ).toThrow('the CA certificate is not in PEM form');
  });

  test('a reply reader replaces the schemas', async () => {
    await using server = await serve(json({ odd: true }));
    using client = new ManagerClient({
      baseUrl: server.url,
      readReply: (name, body) => ({ message: `${name} ${JSON.stringify(body)}` }) as never,
    });
    expect(await client.ping()).toBe('ping {"odd":true}');
  });
});

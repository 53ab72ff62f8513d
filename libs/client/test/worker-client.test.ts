import { describe, expect, test } from '@jest/globals';
import { FakeClock, reservePort, tlsFixture, waitFor } from '@tunasync/test-utils';
import { axiosTransport, nodeTransport, WorkerClient } from '../src/index.js';
import { json, serve, text } from './scripted-server.js';

const cmd = { cmd: 'stop', mirror_id: 'debian', args: ['a'], options: null } as const;

describe.each([
  ['axios', axiosTransport],
  ['node:http', nodeTransport],
])('WorkerClient over %s', (_name, transport) => {
  test('a command is posted to the unchanged URL and resolves to the answer', async () => {
    await using server = await serve(json({ msg: 'OK' }));
    using client = new WorkerClient({ transport });
    expect(await client.send(`${server.url}/prefix/?x=1`, { ...cmd, args: ['a'] })).toEqual({
      status: 200,
      message: 'OK',
    });
    expect(server.seen).toMatchObject([
      {
        method: 'POST',
        url: '/prefix/?x=1',
        body: '{"cmd":"stop","mirror_id":"debian","args":["a"],"options":null}',
      },
    ]);
  });

  test.each([
    [404, '{"msg":"Mirror ``x\'\' not found"}', "Mirror ``x'' not found"],
    [406, '{"msg":"Invalid Command"}', 'Invalid Command'],
    [502, '<h1>Bad gateway</h1>\n', '<h1>Bad gateway</h1>'],
    [200, '', ''],
  ])('status %i with %j resolves as an answer', async (status, body, message) => {
    await using server = await serve(text(body, status));
    using client = new WorkerClient({ transport });
    expect(await client.send(server.url, { ...cmd, args: null })).toEqual({ status, message });
  });

  test('a closed port, a silent worker and an invalid URL are errors', async () => {
    const port = await reservePort();
    await using server = await serve(() => undefined);
    const clock = new FakeClock();
    using client = new WorkerClient({ transport, timeoutMs: 100, clock });
    const send = (url: string): Promise<unknown> => client.send(url, { ...cmd, args: null });
    await expect(send(`http://127.0.0.1:${port}/`)).rejects.toMatchObject({
      code: 'CLIENT_UNREACHABLE',
      message: `cannot reach http://127.0.0.1:${port}/: connection refused`,
    });
    const late = expect(send(server.url)).rejects.toMatchObject({ code: 'CLIENT_TIMEOUT' });
    await waitFor('the request', () => server.seen.length === 1);
    await clock.advance(100);
    await late;
    await expect(send('worker')).rejects.toMatchObject({ code: 'CLIENT_OPTIONS_INVALID' });
  });

  test('HTTPS trusts the given authority', async () => {
    const tls = tlsFixture();
    await using server = await serve(json({ msg: 'OK' }), tls);
    using client = new WorkerClient({ transport, caCert: tls.cert });
    expect(await client.send(server.url, { ...cmd, args: null })).toEqual({ status: 200, message: 'OK' });
    using other = new WorkerClient({ transport, caCert: tls.otherCa });
    await expect(other.send(server.url, { ...cmd, args: null })).rejects.toMatchObject({ reason: 'tls' });
  });

  test('an answer of any length and status is opened below the URL of the worker', async () => {
    await using server = await serve((_seen, _request, response) => {
      response.writeHead(206, { 'x-log-size': '9' }).end('log');
    });
    using client = new WorkerClient({ transport });
    const answer = await client.open(`${server.url}/prefix/#x`, '/jobs/a%2Fb/logs?tail=5', {
      headers: { range: 'bytes=0-2' },
    });
    expect(answer).toMatchObject({ status: 206, headers: { 'x-log-size': '9' } });
    let text = '';
    for await (const chunk of answer.body) text += Buffer.from(chunk).toString();
    expect(text).toBe('log');
    expect(server.seen).toMatchObject([
      { method: 'GET', url: '/prefix/jobs/a%2Fb/logs?tail=5', headers: { range: 'bytes=0-2' } },
    ]);
  });

  test.each(['worker', 'http://', 'ftp://127.0.0.1/'])(
    'open() refuses %s, which is not a URL',
    async (url) => {
      using client = new WorkerClient({ transport });
      await expect(client.open(url, '/jobs')).rejects.toMatchObject({ code: 'CLIENT_OPTIONS_INVALID' });
    },
  );

  test('an unrequested change of protocol is a bad reply', async () => {
    await using server = await serve((_seen, { socket }) => {
      socket.end('HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n');
    });
    using client = new WorkerClient({ transport });
    await expect(client.open(server.url, '/jobs')).rejects.toMatchObject({
      code: 'CLIENT_UNREACHABLE',
      reason: 'closed',
      why: 'the connection was closed before the answer was complete',
    });
  });
});

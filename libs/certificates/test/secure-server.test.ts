import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import { connect as connectTcp, type AddressInfo } from 'node:net';
import { connect, TLSSocket } from 'node:tls';
import { expect, test } from '@jest/globals';
import { nullLogger } from '@tunasync/logger';
import { testAuthority, waitFor } from '@tunasync/test-utils';
import { renewableServer, secureServerOptions } from '../src/index.js';

test('with new certificates idle connections end, and others after the answer that is under way', async () => {
  const ca = await testAuthority();
  const server = createServer(secureServerOptions(await ca.issue({ name: 'old' })));
  const answers: ServerResponse[] = [];
  server.on('request', (_request, response) => answers.push(response));
  const setTls = renewableServer(server, { logger: nullLogger });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const open = async (): Promise<{ socket: TLSSocket; text: () => string; closed: Promise<unknown> }> => {
    const socket = connect({ port, host: '127.0.0.1', ca: ca.cert });
    const closed = once(socket, 'close');
    let text = '';
    socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
    await once(socket, 'session');
    return { socket, text: () => text, closed };
  };
  const ask = 'GET / HTTP/1.1\r\nhost: x\r\n\r\n';

  const [silent, asked, begun] = [await open(), await open(), await open()];
  asked.socket.write(ask);
  await waitFor('the first request', () => answers.length === 1);
  begun.socket.write(ask);
  await waitFor('the second request', () => answers.length === 2);
  // of this one the client has been told already that the connection stays
  answers[1]?.write('first half, ');
  await waitFor('half an answer', () => begun.text().includes('first half'));

  setTls(await ca.issue({ name: 'new' }));
  await silent.closed;
  answers[0]?.end('whole');
  answers[1]?.end('second half');
  await Promise.all([asked.closed, begun.closed]);
  expect(silent.text()).toBe('');
  expect(asked.text()).toMatch(/Connection: close\r\n[^]*whole/);
  expect(begun.text()).toMatch(/Connection: keep-alive\r\n[^]*first half, [^]*second half/);

  const next = await open();
  expect(next.socket.getPeerX509Certificate()?.subject).toBe('CN=new');
  next.socket.destroy();
  server.close();
  await once(server, 'close');
});

test('a handshake that is drawn out over the exchange does not get by with the old authority', async () => {
  const [ca, other] = [await testAuthority(), await testAuthority('Other CA')];
  const pair = await ca.issue({ name: 'server' });
  const server = createServer(secureServerOptions({ ...pair, clientCa: ca.cert }), (request, response) => {
    response.end(String(request.socket instanceof TLSSocket && request.socket.authorized));
  });
  const setTls = renewableServer(server, { logger: nullLogger });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const client = await ca.issue({ name: 'client', hosts: [] });
  const accepted = once(server, 'connection');
  const raw = connectTcp(port, '127.0.0.1');
  await accepted;
  setTls({ ...pair, clientCa: other.cert });
  const socket = connect({ socket: raw, host: '127.0.0.1', ca: ca.cert, ...client });
  let text = '';
  socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
  socket.on('error', () => undefined);
  socket.write('GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n');
  await new Promise((resolve) => socket.once('close', resolve));
  expect(text).not.toMatch(/true$/);
  server.close();
  await once(server, 'close');
});

import { createServer, type RequestListener } from 'node:http';
import { connect, type Socket } from 'node:net';
import { duplexPair, type Duplex } from 'node:stream';
import { nullLogger } from '@tunasync/logger';
import { z } from 'zod';
import { listen, mountRoutes, type ListeningServer, type ListenOptions, type Reply } from '../src/index.js';

/** An answer as it was sent. */
export interface Answer {
  status: number;
  headers: Record<string, string>;
  body: string;
}

/** Reads the one answer in the bytes of a connection. */
export function parseAnswer(text: string): Answer {
  const end = text.indexOf('\r\n\r\n');
  const [first = '', ...lines] = text.slice(0, end).split('\r\n');
  const headers = lines.map((line) => {
    const [, name = '', value = ''] = /^([^:]*): ?(.*)$/.exec(line) ?? [];
    return [name.toLowerCase(), value] as const;
  });
  return {
    status: Number(first.split(' ')[1]),
    headers: Object.fromEntries(headers),
    body: text.slice(end + 4),
  };
}

/** Everything that comes on a connection until it is closed. */
export function textOf(socket: Duplex): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    socket.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')));
    socket.on('error', () => undefined);
    socket.on('close', () => {
      resolve(text);
    });
    socket.on('end', () => {
      resolve(text);
    });
  });
}

/** A connection to a listener, in memory: no port is opened. */
export function connectTo(handler: RequestListener): Duplex {
  const [client, server] = duplexPair();
  // as with a socket, closing one end closes the other
  server.once('close', () => client.destroy());
  client.once('close', () => server.destroy());
  createServer(handler).emit('connection', server);
  return client;
}

/** Sends a request in memory and resolves to its answer. */
export async function ask(
  handler: RequestListener,
  method: string,
  path: string,
  headers: Record<string, string> = {},
  body = '',
): Promise<Answer> {
  const client = connectTo(handler);
  const lines = Object.entries({ host: 'm.example', connection: 'close', ...headers });
  const length = body === '' ? '' : `content-length: ${Buffer.byteLength(body)}\r\n`;
  const answer = textOf(client);
  client.write(
    `${method} ${path} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}${length}\r\n${body}`,
  );
  return parseAnswer(await answer);
}

/** A route that replies with everything that it was given. */
export const echoRoutes = {
  read: {
    method: 'GET',
    path: '/things/:id',
    query: z.object({ limit: z.coerce.number().optional() }),
    reply: z.unknown(),
    summary: 'Reads',
  },
  write: {
    method: 'POST',
    path: '/things/:id',
    body: z.object({ name: z.string() }),
    reply: z.unknown(),
    summary: 'Writes',
  },
} as const;

export const echoTable = mountRoutes(echoRoutes, {
  read: (input): Reply => ({ value: input }),
  write: (input): Reply => ({ value: input }),
});

/** A server on a port of loopback. */
export async function startServer(
  handler: RequestListener,
  options: Partial<ListenOptions> = {},
): Promise<ListeningServer & AsyncDisposable & { open: (text?: string) => Promise<Socket> }> {
  const server = await listen({ host: '127.0.0.1', port: 0, logger: nullLogger, handler, ...options });
  return {
    ...server,
    open: (text = '') =>
      new Promise((resolve, reject) => {
        const socket = connect({ port: server.address.port, host: '127.0.0.1', allowHalfOpen: true }, () => {
          socket.write(text);
          resolve(socket);
        });
        socket.once('error', reject);
      }),
    [Symbol.asyncDispose]: () => server.close(0),
  };
}

import type { Server } from 'node:http';
import { messageOf } from '@tunasync/protocol';
import { HttpError } from '../errors/http-error.js';

/** Connections that wait to be accepted; the kernel's own limit may be lower. */
const backlog = 4_096;

/** Binds a server to an address. @throws HttpError `LISTEN_FAILED` that says why in one line */
export function bind(server: Server, host: string, port: number): Promise<void> {
  const bare = host.replace(/^\[(.*)\]$/, '$1');
  return new Promise((resolve, reject) => {
    const onError = (error: NodeJS.ErrnoException): void => {
      const why = reasons[error.code ?? ''] ?? messageOf(error);
      const where = host === '' ? `port ${port}` : `${urlHost(host)}:${port}`;
      reject(new HttpError('LISTEN_FAILED', `cannot listen on ${where}: ${why}`, { cause: error }));
    };
    server.once('error', onError);
    server.listen({ port, backlog, ...(bare === '' ? {} : { host: bare }) }, () => {
      server.off('error', onError);
      resolve();
    });
  });
}

/** An address as the host of a URL; the empty one means all interfaces. */
export function urlHost(host: string): string {
  if (host === '') return '[::]';
  return host.includes(':') && !host.startsWith('[') ? `[${host}]` : host;
}

const reasons: Readonly<Record<string, string>> = {
  EADDRINUSE: 'the port is in use',
  EACCES: 'not permitted (ports below 1024 need root or CAP_NET_BIND_SERVICE)',
  EADDRNOTAVAIL: 'this machine has no such address',
  ENOTFOUND: 'the host does not exist',
  EAI_AGAIN: 'the host name cannot be resolved at the moment',
  EAFNOSUPPORT: 'this machine does not support such addresses',
};

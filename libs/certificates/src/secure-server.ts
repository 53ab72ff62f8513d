import type { ServerResponse } from 'node:http';
import type { Server, ServerOptions } from 'node:https';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Logger } from '@tunasync/logger';
import type { Clock } from '@tunasync/protocol';
import { handshakeLog } from './handshake-log.js';

/** What an HTTPS server works with, PEM. */
export interface ServerTexts {
  /** Its certificate, with the chain behind it if there is one. */
  cert: string | Buffer;
  key: string | Buffer;
  /**
   * Authorities for the certificates of clients, which are asked for then. Whether one was shown is to be looked at
   * with each request: see {@link createClientGate}.
   */
  clientCa?: string | Buffer | undefined;
}

/** Options of `https.createServer`. */
export function secureServerOptions({ cert, key, clientCa }: ServerTexts): ServerOptions {
  if (clientCa === undefined) return { cert, key };
  // a refused request is answered with the reason, a refused handshake is not
  return { cert, key, ca: clientCa, requestCert: true, rejectUnauthorized: false };
}

/** Options of {@link renewableServer}. */
export interface RenewableServerOptions {
  logger: Pick<Logger, 'warn' | 'debug'>;
  /** @defaultValue the machine's clock */
  clock?: Pick<Clock, 'now'> | undefined;
}

/**
 * Prepares a server made with {@link secureServerOptions} for other certificates, and has it log failed handshakes.
 *
 * Gives the function that brings other texts into force. Whether clients are asked for certificates stays as it was.
 * Connections from before are closed, those on which something is being answered after that answer: nobody goes on
 * with a certificate of an authority that is not trusted any more.
 */
export function renewableServer(
  server: Server,
  options: RenewableServerOptions,
): (texts: ServerTexts) => void {
  /** Handshakes under way, by the other side: their context is that of the beginning. */
  const handshakes = new Map<string, Socket>();
  server.on('connection', (socket) => {
    if (!(socket instanceof Socket)) return;
    const peer = peerOf(socket);
    handshakes.set(peer, socket);
    socket.once('close', () => {
      if (handshakes.get(peer) === socket) handshakes.delete(peer);
    });
  });
  /** What is being answered on each open connection, also on those that Node does not know to be idle. */
  const open = new Map<Duplex, ServerResponse | undefined>();
  server.on('secureConnection', (socket) => {
    handshakes.delete(peerOf(socket));
    open.set(socket, undefined);
    socket.once('close', () => open.delete(socket));
  });
  server.prependListener('request', ({ socket }, response) => {
    open.set(socket, response);
    response.once('close', () => {
      if (open.get(socket) === response) open.set(socket, undefined);
    });
  });
  handshakeLog(server, options);
  return (texts) => {
    const { cert, key, ca } = secureServerOptions(texts);
    server.setSecureContext({ cert, key, ...(ca === undefined ? {} : { ca }) });
    for (const socket of handshakes.values()) socket.destroy();
    for (const [socket, response] of open) {
      if (response === undefined) {
        socket.destroy();
        continue;
      }
      response.shouldKeepAlive = false;
      response.once('close', () => socket.end());
    }
  };
}

function peerOf({
  remoteAddress = '',
  remotePort = 0,
}: Pick<Socket, 'remoteAddress' | 'remotePort'>): string {
  return `${remoteAddress} ${remotePort}`;
}

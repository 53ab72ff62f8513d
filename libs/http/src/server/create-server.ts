import {
  createServer as createHttpServer,
  type RequestListener,
  type Server,
  type ServerOptions,
} from 'node:http';
import { renewableServer, secureServerOptions, type ServerTexts } from '@tunasync/certificates';
import type { Logger } from '@tunasync/logger';
import { messageOf, type Clock } from '@tunasync/protocol';
import { HttpError } from '../errors/http-error.js';

/** A server that does not listen yet. */
export interface CreatedServer {
  server: Server;
  /** Replaces certificate and key. @throws HttpError `TLS_INVALID`; then the previous ones stay in use */
  setTls: (tls: ServerTexts) => void;
}

/** Makes a server of `node:http`, or of `node:https` when there is a certificate. @throws HttpError `TLS_INVALID` */
export async function createServer(
  tls: ServerTexts | undefined,
  options: ServerOptions,
  handshakeTimeout: number,
  { logger, clock }: { logger: Pick<Logger, 'warn' | 'debug'>; clock: Pick<Clock, 'now'> },
  onRequest: RequestListener,
): Promise<CreatedServer> {
  if (tls === undefined) {
    const setTls = (): never => {
      throw new HttpError('TLS_INVALID', 'the server speaks plain HTTP');
    };
    return { server: createHttpServer(options, onRequest), setTls };
  }
  const https = await import('node:https');
  return checked(() => {
    const secure = { ...options, ...secureServerOptions(tls), handshakeTimeout };
    const server = https.createServer(secure, onRequest);
    const renew = renewableServer(server, { logger, clock });
    const setTls = (changed: ServerTexts): void => {
      checked(() => {
        renew(changed);
      });
    };
    return { server, setTls };
  });
}

function checked<T>(use: () => T): T {
  try {
    return use();
  } catch (error) {
    const message = `certificate and key are unusable: ${messageOf(error)}`;
    throw new HttpError('TLS_INVALID', message, { cause: error });
  }
}

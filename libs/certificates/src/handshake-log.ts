import type { Server } from 'node:tls';
import type { Logger } from '@tunasync/logger';
import { messageOf, systemClock, type Clock } from '@tunasync/protocol';
import { quietLog } from './quiet-log.js';

/** Has a TLS server log the handshakes that fail, each address and reason once in a while. */
export function handshakeLog(
  server: Pick<Server, 'on'>,
  {
    logger,
    clock = systemClock,
  }: { logger: Pick<Logger, 'warn' | 'debug'>; clock?: Pick<Clock, 'now'> | undefined },
): void {
  const say = quietLog(logger, clock);
  server.on('tlsClientError', (error: Error & { code?: string }, socket) => {
    const why = reasons[error.code ?? ''];
    const who = socket.remoteAddress ?? 'a client';
    if (why !== undefined) say(`no TLS with ${who}: ${why}`);
    // port scanners and load balancers that only look whether somebody listens
    else logger.debug(`no TLS with ${who}: ${messageOf(error)}`);
  });
}

const refused = 'it does not accept the certificate of this server';

/** Source: the alerts of RFC 8446, section 6, as OpenSSL and Node.js name them. */
const reasons: Readonly<Record<string, string>> = {
  ERR_SSL_HTTP_REQUEST: 'it speaks plain HTTP',
  ERR_SSL_TLSV1_ALERT_UNKNOWN_CA: 'it does not trust the authority of the certificate of this server',
  ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE: refused,
  ERR_SSL_SSLV3_ALERT_CERTIFICATE_UNKNOWN: refused,
  ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED: 'it says that the certificate of this server has expired',
  ERR_SSL_UNSUPPORTED_PROTOCOL: 'its TLS version is too old',
  ERR_SSL_NO_SHARED_CIPHER: 'no cipher is known to both sides',
};

import type { IncomingMessage } from 'node:http';
import { TLSSocket } from 'node:tls';
import type { Logger } from '@tunasync/logger';
import { shortened, systemClock, type Clock } from '@tunasync/protocol';
import { clientCertificateProblem } from './client-certificate.js';
import { quietLog } from './quiet-log.js';

/** Options of {@link createClientGate}. */
export interface ClientGateOptions {
  logger: Pick<Logger, 'warn' | 'debug'>;
  /** @defaultValue the machine's clock */
  clock?: Pick<Clock, 'now'> | undefined;
}

/**
 * Looks at the certificates of those who ask something of an HTTPS server. The server is made with `requestCert`,
 * and with `rejectUnauthorized: false`: a refused request gets an answer that says why, a refused handshake none.
 */
export interface ClientGate {
  /** Why a request is not to be served, which is logged, too; undefined when it is. */
  refusal(request: IncomingMessage): string | undefined;
}

/** Makes a gate. */
export function createClientGate({ logger, clock = systemClock }: ClientGateOptions): ClientGate {
  const say = quietLog(logger, clock);
  return {
    refusal({ socket }) {
      const problem =
        socket instanceof TLSSocket
          ? clientCertificateProblem(socket)
          : 'a client certificate is needed here, and this is no TLS connection';
      if (problem === undefined) return undefined;
      const subject = socket instanceof TLSSocket ? socket.getPeerX509Certificate()?.subject : undefined;
      const whose = subject === undefined ? '' : ` (${shortened(subject.replaceAll('\n', ', '))})`;
      say(`a request of ${socket.remoteAddress ?? 'a client'} is refused: ${problem}${whose}`);
      return problem;
    },
  };
}

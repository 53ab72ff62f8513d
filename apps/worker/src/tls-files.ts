import { namedFile, pairFiles, type ServerTexts, type TlsFiles, type TlsTexts } from '@tunasync/certificates';
import type { TlsOptions } from '@tunasync/client';
import type { WorkerConfig } from '@tunasync/config';

/** The files of PEM texts that a worker's configuration names, with their keys. */
export function workerTlsFiles({ manager, server }: Pick<WorkerConfig, 'manager' | 'server'>): TlsFiles {
  return {
    server: pairFiles('server', 'ssl', server.tls),
    clientCa: namedFile('server.client_ca', server.clientCaFile),
    client: pairFiles('manager', 'client', manager.clientCert),
    ca: namedFile('manager.ca_cert', manager.caCertFile),
  };
}

/** What the worker's own server works with; undefined: plain HTTP. */
export function serverTls({ server, clientCa }: TlsTexts): ServerTexts | undefined {
  return server && { ...server, clientCa };
}

/** Whom the worker trusts, and what it shows, when it talks to managers. */
export function clientTls({ ca, client }: TlsTexts): TlsOptions {
  return { caCert: ca, clientCert: client };
}

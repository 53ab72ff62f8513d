import { namedFile, pairFiles, type ServerTexts, type TlsFiles, type TlsTexts } from '@tunasync/certificates';
import type { TlsOptions } from '@tunasync/client';
import type { WorkerConfig } from '@tunasync/config';

/** Returns the PEM files that a worker's configuration names, with their keys. */
export function workerTlsFiles({ manager, server }: Pick<WorkerConfig, 'manager' | 'server'>): TlsFiles {
  return {
    server: pairFiles('server', 'ssl', server.tls),
    clientCa: namedFile('server.client_ca', server.clientCaFile),
    client: pairFiles('manager', 'client', manager.clientCert),
    ca: namedFile('manager.ca_cert', manager.caCertFile),
  };
}

/** Returns the certificates of the worker's own server; undefined: plain HTTP. */
export function serverTls({ server, clientCa }: TlsTexts): ServerTexts | undefined {
  return server && { ...server, clientCa };
}

/** Returns the authority to trust and the certificate to send in requests to managers. */
export function clientTls({ ca, client }: TlsTexts): TlsOptions {
  return { caCert: ca, clientCert: client };
}

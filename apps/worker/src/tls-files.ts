import { readFile } from 'node:fs/promises';
import type { WorkerConfig } from '@tunasync/config';
import { messageOf, TunasyncError } from '@tunasync/protocol';

/** PEM texts that a worker's configuration names files of. */
export interface TlsTexts {
  caCert: string | undefined;
  server: { cert: string; key: string } | undefined;
}

/** Reads them. @throws TunasyncError `FILE_UNREADABLE` that names file and key */
export async function readTlsFiles({ manager, server }: WorkerConfig): Promise<TlsTexts> {
  const { tls } = server;
  return {
    caCert: manager.caCertFile === '' ? undefined : await readText('manager.ca_cert', manager.caCertFile),
    server:
      tls === undefined
        ? undefined
        : {
            cert: await readText('server.ssl_cert', tls.certFile),
            key: await readText('server.ssl_key', tls.keyFile),
          },
  };
}

async function readText(key: string, file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new TunasyncError('FILE_UNREADABLE', `${key}: cannot read ${file}: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

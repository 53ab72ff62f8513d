import { readFile } from 'node:fs/promises';
import { ClientOptionsError, ManagerClient, nodeTransport, type TlsOptions } from '@tunasync/client';
import { messageOf } from '@tunasync/protocol';
import { CtlError } from '../errors/errors.js';
import type { Settings } from '../settings/settings.js';
import { readReply } from './read-reply.js';

/** Creates a client of the manager that the settings name. @throws CtlError `CTL_CONFIG` */
export async function connect(settings: Settings): Promise<ManagerClient> {
  const { managerAddr, managerPort, caCertFile, clientCert } = settings;
  const host = managerAddr.includes(':') && !managerAddr.startsWith('[') ? `[${managerAddr}]` : managerAddr;
  const scheme = caCertFile === '' && clientCert === undefined ? 'http' : 'https';
  const baseUrl = `${scheme}://${host}:${managerPort}`;
  if (/[/?#@\s]/.test(host) || !URL.canParse(baseUrl)) {
    throw new CtlError('CTL_CONFIG', `manager: expected a host name or address, found '${managerAddr}'`);
  }
  const tls = await readTls(settings);
  try {
    return new ManagerClient({ baseUrl, ...tls, transport: nodeTransport, readReply });
  } catch (error) {
    const option = error instanceof ClientOptionsError ? error.option : undefined;
    const files = { caCert: caCertFile, clientCert: clientCert?.certFile, clientKey: clientCert?.keyFile };
    const file = option === undefined ? undefined : files[option];
    throw new CtlError('CTL_CONFIG', `${file ?? 'manager'}: ${messageOf(error)}`, error);
  }
}

async function readTls({ caCertFile, clientCert }: Settings): Promise<TlsOptions> {
  return {
    caCert: caCertFile === '' ? undefined : await read('CA certificate', caCertFile),
    clientCert: clientCert && {
      cert: await read('client certificate', clientCert.certFile),
      key: await read('client key', clientCert.keyFile),
    },
  };
}

async function read(what: string, file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new CtlError('CTL_CONFIG', `the ${what} cannot be read: ${messageOf(error)}`, error);
  }
}

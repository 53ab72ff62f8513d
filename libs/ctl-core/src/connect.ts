import { readFile } from 'node:fs/promises';
import { ManagerClient, nodeTransport } from '@tunasync/client';
import { messageOf } from '@tunasync/protocol';
import { CtlError } from './errors.js';
import { readReply } from './read-reply.js';
import type { Settings } from './settings.js';

/** A client of the manager that the settings name. @throws CtlError `CTL_CONFIG` */
export async function connect({ managerAddr, managerPort, caCertFile }: Settings): Promise<ManagerClient> {
  const host = managerAddr.includes(':') && !managerAddr.startsWith('[') ? `[${managerAddr}]` : managerAddr;
  const baseUrl = `${caCertFile === '' ? 'http' : 'https'}://${host}:${managerPort}`;
  if (/[/?#@\s]/.test(host) || !URL.canParse(baseUrl)) {
    throw new CtlError('CTL_CONFIG', `manager: expected a host name or address, found '${managerAddr}'`);
  }
  const caCert = caCertFile === '' ? undefined : await readCertificate(caCertFile);
  try {
    return new ManagerClient({ baseUrl, caCert, transport: nodeTransport, readReply });
  } catch (error) {
    throw new CtlError('CTL_CONFIG', `${caCertFile}: ${messageOf(error)}`, error);
  }
}

async function readCertificate(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new CtlError('CTL_CONFIG', `the CA certificate cannot be read: ${messageOf(error)}`, error);
  }
}

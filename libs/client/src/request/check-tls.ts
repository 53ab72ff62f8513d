import type { X509Certificate } from 'node:crypto';
import { messageOf } from '@tunasync/protocol';
import type { ClientCertificate } from '../transport/transport.js';
import { ClientOptionsError } from './errors.js';

/** Certificates of a client. */
export interface TlsOptions {
  /** The only certificate authorities to trust, as PEM text. @defaultValue the system's authorities */
  caCert?: string | undefined;
  /** Sent to servers that request a client certificate, as PEM texts. @defaultValue none */
  clientCert?: ClientCertificate | undefined;
}

/**
 * Checks certificates and the key. @throws {@link ClientOptionsError} for an invalid certificate, or a key that
 * does not match
 */
export function checkTls({ caCert, clientCert }: TlsOptions): void {
  if (caCert !== undefined) readCertificate('CA certificate', caCert, 'caCert');
  if (clientCert === undefined) return;
  const { createPrivateKey } = process.getBuiltinModule('node:crypto');
  const certificate = readCertificate('client certificate', clientCert.cert, 'clientCert');
  let key;
  try {
    key = createPrivateKey(clientCert.key);
  } catch {
    throw new ClientOptionsError(
      'the client key is not in PEM form, or has a passphrase',
      undefined,
      'clientKey',
    );
  }
  if (!certificate.checkPrivateKey(key)) {
    throw new ClientOptionsError(
      'the client key is not the key of the client certificate',
      undefined,
      'clientKey',
    );
  }
}

function readCertificate(what: string, pem: string, option: ClientOptionsError['option']): X509Certificate {
  // node:crypto takes milliseconds to load, and most command lines do not need it
  const crypto = process.getBuiltinModule('node:crypto');
  try {
    return new crypto.X509Certificate(pem);
  } catch (error) {
    throw new ClientOptionsError(`the ${what} is not in PEM form: ${messageOf(error)}`, error, option);
  }
}

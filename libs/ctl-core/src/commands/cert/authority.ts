import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto';
import { join } from 'node:path';
import { systemClock } from '@tunasync/protocol';
import { certError } from './cert-error.js';
import { readPem } from './pem-files.js';
import { dayOf } from './period.js';

/** The files of an authority. */
export function authorityFiles(folder: string): { cert: string; key: string } {
  return { cert: join(folder, 'ca.pem'), key: join(folder, 'ca-key.pem') };
}

/** An authority that can sign. */
export interface Authority {
  /** PEM */
  cert: string;
  /** PEM */
  key: string;
  /** The end of its own certificate's validity. */
  to: Date;
}

/** Reads an authority from its folder. @throws CtlError `CTL_CERT` */
export async function readAuthority(folder: string): Promise<Authority> {
  const files = authorityFiles(folder);
  const [cert, key] = [await readPem(files.cert), await readPem(files.key)];
  const certificate = readCertificate(files.cert, cert);
  if (!certificate.ca) throw certError(`${files.cert}: not the certificate of an authority`);
  if (!certificate.checkPrivateKey(readKey(files.key, key))) {
    throw certError(`${files.key}: it is not the key of ${files.cert}`);
  }
  const to = new Date(certificate.validTo);
  if (to.getTime() <= systemClock.now()) throw certError(`${files.cert} has expired on ${dayOf(to)}`);
  return { cert, key, to };
}

/** Returns the first certificate of a text. @throws CtlError `CTL_CERT` */
export function readCertificate(file: string, pem: string): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch (error) {
    throw certError(`${file}: expected a certificate in PEM form`, error);
  }
}

/** Returns the private key in a text. @throws CtlError `CTL_CERT`, whose message holds no part of the text */
export function readKey(file: string, pem: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch (error) {
    throw certError(`${file}: expected a private key in PEM form, without a passphrase`, error);
  }
}

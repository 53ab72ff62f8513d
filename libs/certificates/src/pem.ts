import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import { messageOf } from '@tunasync/protocol';
import type { PemPair } from './tls-files.js';

/** When certificates hold, in milliseconds since the Unix epoch. */
export interface Validity {
  from: number;
  to: number;
}

/** What is wrong with a PEM text, in words that follow the name of its file. */
export interface PemProblem {
  problem: string;
  of: 'cert' | 'key';
}

/** A text that can be used, or why it cannot. */
export type CheckedPem<Text> = { text: Text; validity: Validity } | { problems: PemProblem[] };

const blocks = /-----BEGIN ([A-Z0-9 ]*CERTIFICATE)-----[^-]+-----END \1-----/g;

/** Checks the certificates of authorities: one that still holds is enough. */
export function checkAuthority(pem: string): CheckedPem<string> {
  const certificates = certificatesOf(pem);
  if (!Array.isArray(certificates)) return { problems: [certificates] };
  const validities = certificates.map(validityOf);
  return {
    text: pem,
    validity: {
      from: Math.min(...validities.map(({ from }) => from)),
      to: Math.max(...validities.map(({ to }) => to)),
    },
  };
}

/** Checks a certificate with the chain behind it, and whether the key is its own. @param certFile - for the message */
export function checkPair({ cert, key }: PemPair, certFile: string): CheckedPem<PemPair> {
  const certificates = certificatesOf(cert);
  const privateKey = privateKeyOf(key);
  const noKey: PemProblem = {
    problem: 'expected a private key in PEM form, without a passphrase',
    of: 'key',
  };
  if (!Array.isArray(certificates)) {
    return { problems: privateKey === undefined ? [certificates, noKey] : [certificates] };
  }
  if (privateKey === undefined) return { problems: [noKey] };
  if (certificates[0]?.checkPrivateKey(privateKey) !== true) {
    return { problems: [{ problem: `it is not the key of the certificate ${certFile}`, of: 'key' }] };
  }
  try {
    // refuses what OpenSSL's security level does, such as a key that is too short
    createSecureContext({ cert, key });
  } catch (error) {
    const why = messageOf(error).replace(/^.*error:[0-9A-F]+:/, '');
    return { problems: [{ problem: `it cannot be used: ${why}`, of: 'cert' }] };
  }
  const validities = certificates.map(validityOf);
  return {
    text: { cert, key },
    validity: {
      from: Math.max(...validities.map(({ from }) => from)),
      to: Math.min(...validities.map(({ to }) => to)),
    },
  };
}

/** All certificates of a text, the first one first. */
function certificatesOf(pem: string): X509Certificate[] | PemProblem {
  // not OpenSSL's reason: it is of no use to anybody who does not know its sources
  const expected: PemProblem = { problem: 'expected a certificate in PEM form', of: 'cert' };
  const texts = pem.match(blocks);
  const begun = pem.match(/-----BEGIN /g)?.length ?? 0;
  const ended = pem.match(/-----END [A-Z0-9 ]+-----/g)?.length ?? 0;
  if (begun > ended) return { problem: 'it is cut off: a certificate in it has no end', of: 'cert' };
  if (texts === null) return expected;
  try {
    return texts.map((text) => new X509Certificate(text));
  } catch {
    return expected;
  }
}

function privateKeyOf(pem: string): KeyObject | undefined {
  try {
    return createPrivateKey(pem);
  } catch {
    return undefined;
  }
}

function validityOf({ validFrom, validTo }: X509Certificate): Validity {
  return { from: Date.parse(validFrom), to: Date.parse(validTo) };
}

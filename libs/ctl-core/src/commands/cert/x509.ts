// the library needs it to find its parts, and it has to be loaded first
import 'reflect-metadata';
import { createPrivateKey, createPublicKey, webcrypto, type KeyObject } from 'node:crypto';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  Name,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509';
import { certError } from './cert-error.js';
import type { HostName } from './host-names.js';

const p256 = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

/** The period for which a certificate is valid. */
export interface Period {
  from: Date;
  to: Date;
}

/** Generates a private ECDSA P-256 key, as PEM text in PKCS #8 form. */
export async function newKey(): Promise<string> {
  const { privateKey } = await webcrypto.subtle.generateKey(p256, true, ['sign', 'verify']);
  const der = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', privateKey));
  return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
    .export({ format: 'pem', type: 'pkcs8' })
    .toString();
}

/** Creates a self-signed certificate of an authority, as PEM text. */
export async function authorityCertificate(name: string, key: string, { from, to }: Period): Promise<string> {
  const keys = await signingKeys(createPrivateKey(key));
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: commonName(name),
    keys,
    signingAlgorithm: p256,
    notBefore: from,
    notAfter: to,
    extensions: [
      // it may sign host certificates, but no other authorities
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return `${certificate.toString('pem')}\n`;
}

/** Options of {@link signedCertificate}. */
export interface SigningRequest extends Period {
  /** Common name. */
  name: string;
  hosts: readonly HostName[];
  /** Whether servers may use it too. */
  server: boolean;
  /** The certificate's private key, PEM. */
  key: string;
}

/** Creates a certificate signed by the authority, as PEM text. @param authority - PEM texts */
export async function signedCertificate(
  authority: { cert: string; key: string },
  { name, hosts, server, key, from, to }: SigningRequest,
): Promise<string> {
  const issuer = new X509Certificate(authority.cert);
  const signing = createPrivateKey(authority.key);
  const { privateKey } = await signingKeys(signing);
  const publicKey = createPublicKey(key).export({ format: 'der', type: 'spki' });
  const { serverAuth, clientAuth } = ExtendedKeyUsage;
  const certificate = await X509CertificateGenerator.create({
    subject: commonName(name),
    issuer: issuer.subjectName,
    publicKey,
    signingKey: privateKey,
    signingAlgorithm: algorithmOf(signing),
    notBefore: from,
    notAfter: to,
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension(server ? [serverAuth, clientAuth] : [clientAuth]),
      ...(hosts.length === 0 ? [] : [new SubjectAlternativeNameExtension([...hosts])]),
      await SubjectKeyIdentifierExtension.create(publicKey),
      await AuthorityKeyIdentifierExtension.create(issuer),
    ],
  });
  return `${certificate.toString('pem')}\n`;
}

/** Gives a name its type, because the library would parse quotes in a plain text. */
function commonName(name: string): Name {
  return new Name([{ CN: [{ utf8String: name }] }]);
}

type Algorithm = { name: string; hash: string } & ({ namedCurve: string } | { name: 'RSASSA-PKCS1-v1_5' });

const curves: Readonly<Record<string, Algorithm>> = {
  prime256v1: p256,
  secp384r1: { name: 'ECDSA', namedCurve: 'P-384', hash: 'SHA-384' },
  secp521r1: { name: 'ECDSA', namedCurve: 'P-521', hash: 'SHA-512' },
};

/**
 * Returns the signature algorithm for a key. Authorities of other tools may use other kinds of keys.
 * @throws CtlError `CTL_CERT`
 */
function algorithmOf(key: KeyObject): Algorithm {
  const { asymmetricKeyType: type = 'unknown', asymmetricKeyDetails } = key;
  if (type === 'rsa') return { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };
  const curve = curves[asymmetricKeyDetails?.namedCurve ?? ''];
  if (type === 'ec' && curve !== undefined) return curve;
  throw certError(
    `the key of the authority is of the type ${type}: expected ECDSA (P-256, P-384, P-521) or RSA`,
  );
}

async function signingKeys(key: KeyObject): Promise<webcrypto.CryptoKeyPair> {
  const algorithm = algorithmOf(key);
  const pkcs8 = key.export({ format: 'der', type: 'pkcs8' });
  const spki = createPublicKey(key).export({ format: 'der', type: 'spki' });
  const { subtle } = webcrypto;
  return {
    privateKey: await subtle.importKey('pkcs8', pkcs8, algorithm, false, ['sign']),
    publicKey: await subtle.importKey('spki', spki, algorithm, true, ['verify']),
  };
}

import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import { isIP } from 'node:net';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509CertificateGenerator,
} from '@peculiar/x509';

const dayMs = 24 * 3600 * 1000;
const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

/** A certificate and its key, PEM. */
export interface TestCertificate {
  cert: string;
  key: string;
}

/** What a certificate of a {@link TestAuthority} says. */
export interface IssueOptions {
  /** Common name. @defaultValue test */
  name?: string;
  /** Host names and IP addresses. @defaultValue localhost, 127.0.0.1, ::1 */
  hosts?: readonly string[];
  /** @defaultValue a day ago */
  from?: Date;
  /** @defaultValue in a year */
  to?: Date;
}

/** A certificate authority for tests. */
export interface TestAuthority {
  /** PEM; what those who trust it are given. */
  readonly cert: string;
  /** Makes a certificate for servers and clients. */
  issue(options?: IssueOptions): Promise<TestCertificate>;
}

/** Makes a certificate authority that nobody else trusts. */
export async function testAuthority(
  name = 'Test CA',
  { from = new Date(Date.now() - 30 * dayMs), to = new Date(Date.now() + 3650 * dayMs) } = {},
): Promise<TestAuthority> {
  const keys = await generateKeys();
  const cert = await X509CertificateGenerator.createSelfSigned({
    name: [{ CN: [name] }],
    keys,
    signingAlgorithm: algorithm,
    notBefore: from,
    notAfter: to,
    extensions: [
      new BasicConstraintsExtension(true, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign, true),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return {
    cert: `${cert.toString('pem')}\n`,
    async issue({ name: subject = 'test', hosts = ['localhost', '127.0.0.1', '::1'], from, to } = {}) {
      const own = await generateKeys();
      const names = hosts.map((host) => ({
        type: isIP(host) === 0 ? ('dns' as const) : ('ip' as const),
        value: host,
      }));
      const issued = await X509CertificateGenerator.create({
        subject: [{ CN: [subject] }],
        issuer: cert.subject,
        publicKey: own.publicKey,
        signingKey: keys.privateKey,
        signingAlgorithm: algorithm,
        notBefore: from ?? new Date(Date.now() - dayMs),
        notAfter: to ?? new Date(Date.now() + 365 * dayMs),
        extensions: [
          new BasicConstraintsExtension(false),
          new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth, ExtendedKeyUsage.clientAuth]),
          ...(names.length === 0 ? [] : [new SubjectAlternativeNameExtension(names)]),
          await AuthorityKeyIdentifierExtension.create(cert),
        ],
      });
      const pkcs8 = await webcrypto.subtle.exportKey('pkcs8', own.privateKey);
      return {
        cert: `${issued.toString('pem')}\n`,
        key: `${PemConverter.encode(pkcs8, 'PRIVATE KEY')}\n`,
      };
    },
  };
}

function generateKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
}

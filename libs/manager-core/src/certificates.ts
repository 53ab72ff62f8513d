import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { messageOf } from '@tunasync/protocol';

/** Files of PEM texts, as a manager's configuration names them. */
export interface CertificateFiles {
  /** `server.ssl_cert` and `server.ssl_key` */
  tls?: { certFile: string; keyFile: string } | undefined;
  /** `files.ca_cert`; empty: none. */
  caCertFile?: string | undefined;
}

/** What is in {@link CertificateFiles}. */
export interface Certificates {
  tls: { cert: string; key: string } | undefined;
  caCert: string | undefined;
  /** What is wrong with them, each with the key and the file; empty when they can be used. */
  problems: string[];
}

/** Reads certificates and keys and looks whether they are some. Never rejects. */
export async function readCertificates({ tls, caCertFile = '' }: CertificateFiles): Promise<Certificates> {
  const problems: string[] = [];
  const read = async <T>(
    key: string,
    file: string,
    expected: string,
    parse: (pem: string) => T,
  ): Promise<{ pem: string; parsed: T } | undefined> => {
    let pem: string;
    try {
      pem = await readFile(file, 'utf8');
    } catch (error) {
      problems.push(`${key}: cannot read ${file}: ${messageOf(error)}`);
      return undefined;
    }
    try {
      return { pem, parsed: parse(pem) };
    } catch {
      // not the reason: OpenSSL's are of no use to anybody who does not know its sources
      problems.push(`${key}: ${file}: expected ${expected}`);
      return undefined;
    }
  };
  const certificate = (pem: string): X509Certificate => new X509Certificate(pem);
  const readCertificate = (key: string, file: string) =>
    read(key, file, 'a certificate in PEM form', certificate);

  const ca = caCertFile === '' ? undefined : await readCertificate('ca_cert', caCertFile);
  const cert = tls && (await readCertificate('ssl_cert', tls.certFile));
  const key =
    tls &&
    (await read<KeyObject>('ssl_key', tls.keyFile, 'a private key in PEM form, without a passphrase', (pem) =>
      createPrivateKey(pem),
    ));
  if (cert !== undefined && key !== undefined && !cert.parsed.checkPrivateKey(key.parsed)) {
    problems.push(
      `ssl_key: ${tls?.keyFile ?? ''}: it is not the key of the certificate ${tls?.certFile ?? ''}`,
    );
  }
  return {
    tls: cert && key && { cert: cert.pem, key: key.pem },
    caCert: ca?.pem,
    problems,
  };
}

import { readFileSync } from 'node:fs';
import { fixturePath } from './fixtures.js';

/** A self-signed certificate of `localhost`, `127.0.0.1` and `::1`, valid for a hundred years. */
export interface TlsFixture {
  certFile: string;
  keyFile: string;
  /** PEM; also what a client takes as its `caCert`. */
  cert: string;
  /** PEM */
  key: string;
  /** PEM of a certificate that has signed nothing. */
  otherCa: string;
}

/** Certificate and key for HTTPS servers in tests. */
export function tlsFixture(): TlsFixture {
  const certFile = fixturePath('tls/cert.pem');
  const keyFile = fixturePath('tls/key.pem');
  return {
    certFile,
    keyFile,
    cert: readFileSync(certFile, 'utf8'),
    key: readFileSync(keyFile, 'utf8'),
    otherCa: readFileSync(fixturePath('tls/other-ca.pem'), 'utf8'),
  };
}

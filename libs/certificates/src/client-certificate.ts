import type { TLSSocket } from 'node:tls';

/**
 * Why a client's certificate is not accepted; undefined when it is.
 *
 * `authorized` alone does not do: in a resumed TLS 1.3 session it is true for a client that has shown none, too.
 */
export function clientCertificateProblem(
  socket: Pick<TLSSocket, 'authorized' | 'authorizationError' | 'getPeerX509Certificate'>,
): string | undefined {
  const certificate = socket.getPeerX509Certificate();
  if (certificate === undefined) return 'a client certificate is needed here, and none was shown';
  if (socket.authorized) return undefined;
  const code = String(socket.authorizationError);
  return `the client certificate ${reasons[code] ?? `is not accepted: ${code}`}`;
}

const untrusted = 'is not signed by an authority that is trusted here';

/** Codes of certificate verification. Source: X509_verify_cert_error_string of OpenSSL, as Node.js names them. */
const reasons: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: 'has expired',
  CERT_NOT_YET_VALID: 'is not valid yet',
  INVALID_PURPOSE: 'is not one for clients (its extendedKeyUsage)',
  DEPTH_ZERO_SELF_SIGNED_CERT: untrusted,
  SELF_SIGNED_CERT_IN_CHAIN: untrusted,
  UNABLE_TO_GET_ISSUER_CERT: untrusted,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: untrusted,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: untrusted,
  CERT_UNTRUSTED: untrusted,
  CERT_SIGNATURE_FAILURE: untrusted,
};

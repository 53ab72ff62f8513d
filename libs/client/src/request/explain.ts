import { messageOf } from '@tunasync/protocol';
import type { UnreachableReason } from './errors.js';

interface SystemError {
  code?: string;
  message?: string;
  errors?: readonly SystemError[];
}

/** Explains an error of Node.js about a failed connection, for programs and in a few words for people. */
export function explain(cause: unknown): { reason: UnreachableReason; why: string } {
  const error = (typeof cause === 'object' && cause !== null ? cause : {}) as SystemError;
  // several addresses were tried without success: show the reason of the first one
  const code = error.code ?? error.errors?.[0]?.code ?? '';
  switch (code) {
    case 'ECONNREFUSED':
      return { reason: 'refused', why: 'connection refused' };
    case 'ETIMEDOUT':
      return { reason: 'timeout', why: 'connection timed out' };
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'EHOSTDOWN':
      return { reason: 'other', why: 'no route to the host' };
    case 'ENOTFOUND':
      return { reason: 'dns', why: 'the host name does not exist' };
    case 'EAI_AGAIN':
      return { reason: 'dns', why: 'the host name cannot be resolved at the moment' };
    case 'ECONNRESET':
    case 'EPIPE':
    case 'ERR_BAD_RESPONSE':
      return { reason: 'closed', why: 'the connection was closed before the answer was complete' };
  }
  const tls = explainTls(code);
  if (tls !== undefined) return { reason: 'tls', why: tls };
  return {
    reason: 'other',
    why:
      error.message === undefined
        ? messageOf(cause)
        : messageOf(cause instanceof Error ? cause : error.message),
  };
}

/** Codes of certificate verification. Source: X509_verify_cert_error_string of OpenSSL, as Node.js names them. */
const untrusted = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'CERT_UNTRUSTED',
  'CERT_SIGNATURE_FAILURE',
]);

function explainTls(code: string): string | undefined {
  if (untrusted.has(code)) return 'TLS: its certificate is not signed by a trusted authority';
  const alert = /^ERR_SSL_(?:SSLV3|TLSV1|TLSV13|SSL\/TLS)_ALERT_(.+)$/.exec(code)?.[1];
  if (alert !== undefined) return explainAlert(alert, code);
  switch (code) {
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return 'TLS: its certificate is for another host name';
    case 'CERT_HAS_EXPIRED':
      return 'TLS: its certificate has expired';
    case 'CERT_NOT_YET_VALID':
      return 'TLS: its certificate is not valid yet';
    case 'EPROTO':
    case 'ERR_SSL_WRONG_VERSION_NUMBER':
    case 'ERR_SSL_PACKET_LENGTH_TOO_LONG':
      return 'TLS: the handshake failed; is it an HTTPS server?';
  }
  return /^(ERR_TLS|ERR_SSL|ERR_OSSL|CERT_|CRL_|INVALID_)/.test(code) ? `TLS: ${code}` : undefined;
}

/**
 * Explains an alert of the server. The prefix of its code depends on the version of OpenSSL, and so on that of Node.js:
 * `SSLV3` and `TLSV1` became `SSL/TLS`.
 */
function explainAlert(alert: string, code: string): string {
  switch (alert) {
    case 'CERTIFICATE_REQUIRED':
      return 'TLS: the server demands a client certificate';
    case 'UNKNOWN_CA':
      return 'TLS: the server does not trust the authority of the client certificate';
    case 'CERTIFICATE_EXPIRED':
      return 'TLS: the server says that the client certificate has expired';
    case 'BAD_CERTIFICATE':
    case 'UNSUPPORTED_CERTIFICATE':
    case 'CERTIFICATE_UNKNOWN':
      return 'TLS: the server does not accept the client certificate';
    case 'HANDSHAKE_FAILURE':
      return 'TLS: the handshake failed; does it demand a client certificate?';
    default:
      return `TLS: ${code}`;
  }
}

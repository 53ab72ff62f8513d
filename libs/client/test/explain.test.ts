import { expect, test } from '@jest/globals';
import { explain } from '../src/request/explain.js';

const coded = (code: string): Error => Object.assign(new Error(`message of ${code}`), { code });

test.each([
  ['ECONNREFUSED', 'refused', 'connection refused'],
  ['ETIMEDOUT', 'timeout', 'connection timed out'],
  ['EHOSTUNREACH', 'other', 'no route to the host'],
  ['ENETUNREACH', 'other', 'no route to the host'],
  ['EHOSTDOWN', 'other', 'no route to the host'],
  ['ENOTFOUND', 'dns', 'the host name does not exist'],
  ['EAI_AGAIN', 'dns', 'the host name cannot be resolved at the moment'],
  ['ECONNRESET', 'closed', 'the connection was closed before the answer was complete'],
  ['EPIPE', 'closed', 'the connection was closed before the answer was complete'],
  ['ERR_BAD_RESPONSE', 'closed', 'the connection was closed before the answer was complete'],
  ['UNABLE_TO_GET_ISSUER_CERT', 'tls', 'TLS: its certificate is not signed by a trusted authority'],
  ['CERT_SIGNATURE_FAILURE', 'tls', 'TLS: its certificate is not signed by a trusted authority'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'tls', 'TLS: its certificate is for another host name'],
  ['CERT_HAS_EXPIRED', 'tls', 'TLS: its certificate has expired'],
  ['CERT_NOT_YET_VALID', 'tls', 'TLS: its certificate is not valid yet'],
  ['EPROTO', 'tls', 'TLS: the handshake failed; is it an HTTPS server?'],
  ['ERR_SSL_PACKET_LENGTH_TOO_LONG', 'tls', 'TLS: the handshake failed; is it an HTTPS server?'],
  ['CRL_HAS_EXPIRED', 'tls', 'TLS: CRL_HAS_EXPIRED'],
  ['EMFILE', 'other', 'message of EMFILE'],
])('an error with the code %s has the reason %s: %s', (code, reason, why) => {
  expect(explain(coded(code))).toEqual({ reason, why });
});

test.each([
  ['SSLV3', 'BAD_CERTIFICATE', 'TLS: the server does not accept the client certificate'],
  ['SSL/TLS', 'BAD_CERTIFICATE', 'TLS: the server does not accept the client certificate'],
  ['SSL/TLS', 'UNSUPPORTED_CERTIFICATE', 'TLS: the server does not accept the client certificate'],
  ['SSL/TLS', 'CERTIFICATE_UNKNOWN', 'TLS: the server does not accept the client certificate'],
  ['SSL/TLS', 'CERTIFICATE_EXPIRED', 'TLS: the server says that the client certificate has expired'],
  ['TLSV1', 'UNKNOWN_CA', 'TLS: the server does not trust the authority of the client certificate'],
  ['TLSV13', 'CERTIFICATE_REQUIRED', 'TLS: the server demands a client certificate'],
  ['SSLV3', 'HANDSHAKE_FAILURE', 'TLS: the handshake failed; does it demand a client certificate?'],
  ['TLSV1', 'INTERNAL_ERROR', 'TLS: ERR_SSL_TLSV1_ALERT_INTERNAL_ERROR'],
])('an alert of a server, %s %s, is explained: %s', (prefix, alert, why) => {
  expect(explain(coded(`ERR_SSL_${prefix}_ALERT_${alert}`))).toEqual({ reason: 'tls', why });
});

test('the first of several addresses gives the reason', () => {
  const errors = [coded('ECONNREFUSED'), coded('ENETUNREACH')];
  expect(explain(new AggregateError(errors)).reason).toBe('refused');
  expect(explain(new AggregateError([], 'no address'))).toEqual({ reason: 'other', why: 'no address' });
});

test.each([[undefined], ['a text'], [null]])('a cause %j without a code has the reason other', (cause) => {
  expect(explain(cause).reason).toBe('other');
});

import type { X509Certificate } from 'node:crypto';
import { isIPv6, SocketAddress } from 'node:net';

/** The contents of a certificate, as `cert show --json` prints them. */
export interface CertificateDescription {
  /** Such as `CN=manager.example.org`. */
  subject: string;
  /** `subjectAltName`: `DNS manager.example.org`, `IP 192.0.2.1`. */
  names: string[];
  /** Extended key usages; empty: any. */
  usages: string[];
  /** Whether it can sign other certificates. */
  authority: boolean;
  /** ISO 8601 */
  valid_from: string;
  /** ISO 8601 */
  valid_to: string;
  issuer: string;
  serial: string;
  /** SHA-256 of the whole certificate. */
  fingerprint: string;
  /** Such as `ECDSA prime256v1`, `RSA 2048`. */
  key: string;
}

/** Source: RFC 5280, 4.2.1.12. */
const usageNames: Readonly<Record<string, string>> = {
  '1.3.6.1.5.5.7.3.1': 'serverAuth',
  '1.3.6.1.5.5.7.3.2': 'clientAuth',
  '1.3.6.1.5.5.7.3.3': 'codeSigning',
  '1.3.6.1.5.5.7.3.4': 'emailProtection',
};

/** Describes a certificate. */
export function describeCertificate(certificate: X509Certificate): CertificateDescription {
  const { asymmetricKeyType = 'unknown', asymmetricKeyDetails: details } = certificate.publicKey;
  const kind = asymmetricKeyType === 'ec' ? 'ECDSA' : asymmetricKeyType.toUpperCase();
  const size = details?.namedCurve ?? details?.modulusLength;
  // the types do not say that it is absent from certificates without the extension
  const usages = certificate.keyUsage as string[] | undefined;
  const names = certificate.subjectAltName ?? '';
  return {
    subject: oneLine(certificate.subject),
    names: names === '' ? [] : names.split(', ').map(nameText),
    usages: (usages ?? []).map((oid) => usageNames[oid] ?? oid),
    authority: certificate.ca,
    valid_from: new Date(certificate.validFrom).toISOString(),
    valid_to: new Date(certificate.validTo).toISOString(),
    issuer: oneLine(certificate.issuer),
    serial: certificate.serialNumber,
    fingerprint: certificate.fingerprint256,
    key: size === undefined ? kind : `${kind} ${size}`,
  };
}

/** Shortens `IP Address:0:0:0:0:0:0:0:1` to `IP ::1`. */
function nameText(name: string): string {
  const end = name.indexOf(':');
  const [kind, value] = [name.slice(0, end), name.slice(end + 1)];
  if (kind !== 'IP Address') return `${kind} ${value}`;
  return `IP ${isIPv6(value) ? new SocketAddress({ address: value, family: 'ipv6' }).address : value}`;
}

function oneLine(name: string | undefined): string {
  return (name ?? '').split('\n').join(', ');
}

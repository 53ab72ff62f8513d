import { isIP } from 'node:net';
import { domainToASCII } from 'node:url';
import { certError } from './cert-error.js';

/** A name of `subjectAltName`. */
export interface HostName {
  /** `email` and `url` occur only in certificates of other tools. */
  type: 'dns' | 'ip' | 'email' | 'url';
  value: string;
}

/** The word for each kind of name in the output of `cert show`. */
const kinds = { dns: 'DNS', ip: 'IP', email: 'email', url: 'URI' } as const;

/** Returns a name with its kind, such as `DNS manager.example.org`. */
export function shownName({ type, value }: HostName): string {
  return `${kinds[type]} ${value}`;
}

/** Reads the output of {@link shownName}; returns undefined for another kind of name. */
export function readShownName(text: string): HostName | undefined {
  const end = text.indexOf(' ');
  const [kind, value] = [text.slice(0, end), text.slice(end + 1)];
  const types = Object.keys(kinds) as HostName['type'][];
  const type = types.find((one) => kinds[one] === kind);
  // OpenSSL quotes a name that has special characters
  return type === undefined || value.startsWith('"') ? undefined : { type, value };
}

/**
 * Labels of a host name. The first one may be `*`. `_` is not allowed in host names, but container engines
 * use it.
 */
const dnsName = /^(\*\.)?([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$/;

/** Returns a host name or address in the form of certificates; undefined for an invalid one. */
export function hostName(text: string): HostName | undefined {
  const bare = text.replace(/^\[(.*)\]$/, '$1');
  if (isIP(bare) !== 0) return { type: 'ip', value: bare };
  const [wildcard, rest] = text.startsWith('*.') ? ['*.', text.slice(2)] : ['', text];
  const ascii = `${wildcard}${domainToASCII(rest)}`.toLowerCase();
  // a number-like text is a mistyped address, not a name
  if (ascii.length > 253 || !dnsName.test(ascii) || /(^|\.)\d+$/.test(ascii)) return undefined;
  return { type: 'dns', value: ascii };
}

/**
 * Returns the names of a host certificate: the name that it is issued for, if that is a host name, and the others.
 *
 * @throws CtlError `CTL_CERT` for an invalid host name, and when there is no name at all
 */
export function hostNames(name: string | undefined, hosts: readonly string[]): HostName[] {
  const own = name === undefined ? undefined : hostName(name);
  const others = hosts.map((host) => {
    const read = hostName(host);
    if (read === undefined) throw certError(`--host: expected a host name or address, found '${host}'`);
    return read;
  });
  const all = own === undefined ? others : [own, ...others];
  const byText = new Map(all.map((one) => [`${one.type} ${one.value}`, one]));
  if (byText.size === 0 && name !== undefined) {
    throw certError(`'${name}' is not a host name: give the host names of the machine with --host`);
  }
  return [...byText.values()];
}

import { isIP } from 'node:net';
import { domainToASCII } from 'node:url';
import { certError } from './cert-error.js';

/** A name of `subjectAltName`. */
export interface HostName {
  /** `email` and `url` only come from certificates that others made. */
  type: 'dns' | 'ip' | 'email' | 'url';
  value: string;
}

/** What is shown for each kind of name, as `cert show` does. */
const kinds = { dns: 'DNS', ip: 'IP', email: 'email', url: 'URI' } as const;

/** A name with its kind, such as `DNS manager.example.org`. */
export function shownName({ type, value }: HostName): string {
  return `${kinds[type]} ${value}`;
}

/** The name that {@link shownName} shows; undefined for one of another kind. */
export function readShownName(text: string): HostName | undefined {
  const end = text.indexOf(' ');
  const [kind, value] = [text.slice(0, end), text.slice(end + 1)];
  const types = Object.keys(kinds) as HostName['type'][];
  const type = types.find((one) => kinds[one] === kind);
  // OpenSSL puts a name in quotes that it cannot show as it is
  return type === undefined || value.startsWith('"') ? undefined : { type, value };
}

/** Labels of a host name, the first of which may be `*`; `_` is no letter of one, but container engines use it. */
const dnsName = /^(\*\.)?([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$/;

/** A host name or address as it stands in certificates; undefined for what is none. */
export function hostName(text: string): HostName | undefined {
  const bare = text.replace(/^\[(.*)\]$/, '$1');
  if (isIP(bare) !== 0) return { type: 'ip', value: bare };
  const [wildcard, rest] = text.startsWith('*.') ? ['*.', text.slice(2)] : ['', text];
  const ascii = `${wildcard}${domainToASCII(rest)}`.toLowerCase();
  // what looks like a number is no name: it would be an address with a slip in it
  if (ascii.length > 253 || !dnsName.test(ascii) || /(^|\.)\d+$/.test(ascii)) return undefined;
  return { type: 'dns', value: ascii };
}

/**
 * The names of a host certificate: the name that it is issued for, where it can be one, and the others.
 *
 * @throws CtlError `CTL_CERT` for what is no host name, and when there is none at all
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
    throw certError(`'${name}' is no host name: give those of the machine with --host`);
  }
  return [...byText.values()];
}

import { join } from 'node:path';
import type { CtlContext } from '../../context/context.js';
import { UsageError } from '../../errors/errors.js';
import { readAuthority, readCertificate, readKey } from './authority.js';
import { certError } from './cert-error.js';
import { describeCertificate } from './describe-certificate.js';
import { hostNames, shownName, readShownName, type HostName } from './host-names.js';
import { readPem, replaceFile, writeNewFiles } from './pem-files.js';
import { dayOf, periodOf } from './period.js';
import { newKey, signedCertificate, type Period } from './x509.js';

/** Flags of `cert issue`. */
export interface IssueFlags {
  host?: string[];
  client?: boolean;
  renew?: boolean;
  days: number;
  ca: string;
  out: string;
}

/** The properties that a new and a renewed certificate share. */
interface Decided {
  hosts: readonly HostName[];
  server: boolean;
}

/** Issues a certificate with a new key, or renews a certificate. @throws CtlError `CTL_CERT`, UsageError */
export async function issueCertificate(
  name: string,
  flags: IssueFlags,
  { confirm }: Pick<CtlContext, 'confirm'>,
): Promise<void> {
  checkName(name);
  const files = { cert: join(flags.out, `${name}.pem`), key: join(flags.out, `${name}-key.pem`) };
  const authority = await readAuthority(flags.ca);
  const wanted = periodOf(flags.days);
  // a certificate must not outlive its authority
  const period = { from: wanted.from, to: wanted.to < authority.to ? wanted.to : authority.to };
  if (flags.renew === true) {
    if (flags.client === true) throw new UsageError('--renew keeps the use of a certificate: omit --client');
    const [old, key] = [await readPem(files.cert), await readPem(files.key)];
    if (!readCertificate(files.cert, old).checkPrivateKey(readKey(files.key, key))) {
      throw certError(`${files.key}: it is not the key of ${files.cert}`);
    }
    const decided = asBefore(files.cert, old, flags.host);
    const cert = await signedCertificate(authority, { name, ...decided, key, ...period });
    await replaceFile({ path: files.cert, text: cert, secret: false });
    confirm(line(files.cert, decided, period));
    return;
  }
  const server = flags.client !== true;
  const decided = { hosts: hostNames(server ? name : undefined, flags.host ?? []), server };
  const key = await newKey();
  const cert = await signedCertificate(authority, { name, ...decided, key, ...period });
  await writeNewFiles([
    { path: files.key, text: key, secret: true },
    { path: files.cert, text: cert, secret: false },
  ]);
  confirm(line(files.cert, decided, period));
  confirm(`${files.key}: its private key`);
}

/** Valid names. They become file names and common names. */
function checkName(name: string): void {
  if (!/^[\p{L}\p{N}_][\p{L}\p{N} ._:@+-]{0,63}$/u.test(name)) {
    throw new UsageError(
      `'${name}' cannot name files: expected up to 64 letters, digits and ._:@+- (use --host for a wildcard)`,
    );
  }
}

/** Returns use and hosts of an older certificate, unless other hosts are given. */
function asBefore(file: string, pem: string, hosts: readonly string[] | undefined): Decided {
  const { names, usages } = describeCertificate(readCertificate(file, pem));
  const before = (): HostName[] =>
    names.map((text) => {
      const name = readShownName(text);
      if (name !== undefined) return name;
      throw certError(`${file}: --renew cannot keep its name '${text}': give the names with --host`);
    });
  return {
    hosts: hosts === undefined ? before() : hostNames(undefined, hosts),
    server: usages.length === 0 || usages.includes('serverAuth'),
  };
}

function line(file: string, { hosts, server }: Decided, { to }: Period): string {
  const names = hosts.map(shownName).join(', ');
  const use = server
    ? `certificate for ${names}`
    : `client certificate${names === '' ? '' : ` for ${names}`}`;
  return `${file}: ${use}, until ${dayOf(to)}`;
}

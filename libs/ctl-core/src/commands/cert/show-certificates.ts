import { access } from 'node:fs/promises';
import { systemClock } from '@tunasync/protocol';
import type { CtlContext } from '../../context/context.js';
import { readCertificate, readKey } from './authority.js';
import { certError } from './cert-error.js';
import { describeCertificate, type CertificateDescription } from './describe-certificate.js';
import { readPem } from './pem-files.js';

/** Flags of `cert show`. */
export interface ShowFlags {
  key?: string;
}

/**
 * Prints the certificates in a file. @throws CtlError `CTL_CERT`, also when the key is not the first certificate's
 * key
 */
export async function showCertificates(
  file: string,
  flags: ShowFlags,
  { print, printJson, json }: Pick<CtlContext, 'print' | 'printJson' | 'json'>,
): Promise<void> {
  const pem = await readPem(file);
  const texts = pem.match(/-----BEGIN ([A-Z0-9 ]*CERTIFICATE)-----[^-]+-----END \1-----/g) ?? [''];
  const certificates = texts.map((text) => readCertificate(file, text));
  const keyFile = flags.key ?? (await keyBeside(file));
  const key = keyFile === undefined ? undefined : readKey(keyFile, await readPem(keyFile));
  const matches = key === undefined ? undefined : certificates[0]?.checkPrivateKey(key) === true;
  const described = certificates.map(describeCertificate);
  if (json()) {
    const [first, ...others] = described;
    const withKey = matches === undefined ? first : { ...first, key_file: keyFile, key_matches: matches };
    printJson([withKey, ...others]);
  } else {
    const keyNote = matches === undefined ? '' : `; ${keyFile ?? ''} is ${matches ? '' : 'not '}its key`;
    described.forEach((one, index) => {
      if (index > 0) print('');
      for (const line of linesOf(one, index === 0 ? keyNote : '')) print(line);
    });
  }
  if (matches === false) throw certError(`${keyFile ?? ''}: it is not the key of ${file}`);
}

/** Returns the path of the key that `cert issue` and `cert init` write beside a certificate. */
async function keyBeside(file: string): Promise<string | undefined> {
  const key = file.replace(/\.pem$/, '-key.pem');
  if (key === file) return undefined;
  return access(key).then(
    () => key,
    () => undefined,
  );
}

function linesOf(one: CertificateDescription, keyNote: string): string[] {
  const use = one.authority ? 'authority' : one.usages.join(', ') || 'any';
  return [
    `subject:     ${one.subject}`,
    `names:       ${one.names.join(', ') || 'none'}`,
    `use:         ${use}`,
    `valid:       ${one.valid_from} to ${one.valid_to} (${remaining(one)})`,
    `issuer:      ${one.issuer}`,
    `serial:      ${one.serial}`,
    `fingerprint: SHA-256 ${one.fingerprint}`,
    `key:         ${one.key}${keyNote}`,
  ];
}

function remaining({ valid_from: from, valid_to: to }: CertificateDescription): string {
  const now = systemClock.now();
  if (Date.parse(from) > now) return 'not valid yet';
  const days = Math.floor((Date.parse(to) - now) / (24 * 3600 * 1000));
  return days < 0 ? 'expired' : days === 1 ? '1 day left' : `${days} days left`;
}

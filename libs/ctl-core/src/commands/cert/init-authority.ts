import { mkdir } from 'node:fs/promises';
import type { CtlContext } from '../../context/context.js';
import { authorityFiles } from './authority.js';
import { certError, whyNot } from './cert-error.js';
import { writeNewFiles } from './pem-files.js';
import { dayOf, periodOf } from './period.js';
import { authorityCertificate, newKey } from './x509.js';

/** Flags of `cert init`. */
export interface InitFlags {
  name: string;
  days: number;
}

/** Creates a private authority in a folder. @throws CtlError `CTL_CERT` */
export async function initAuthority(
  folder: string,
  { name, days }: InitFlags,
  { confirm }: Pick<CtlContext, 'confirm'>,
): Promise<void> {
  if (name === '' || name.length > 64) throw certError('--name: expected 1 to 64 characters');
  try {
    // not recursive: a recursive mkdir of Node.js never returns below a folder such as /proc
    await mkdir(folder, { mode: 0o700 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') {
      throw certError(`cannot create the folder ${folder}: ${whyNot(error)}`, error);
    }
  }
  const files = authorityFiles(folder);
  const key = await newKey();
  const period = periodOf(days);
  const cert = await authorityCertificate(name, key, period);
  await writeNewFiles([
    { path: files.key, text: key, secret: true },
    { path: files.cert, text: cert, secret: false },
  ]);
  confirm(`${files.cert}: certificate of '${name}', until ${dayOf(period.to)}; copy it to every machine`);
  confirm(`${files.key}: its private key; keep it here, because it can sign certificates`);
}

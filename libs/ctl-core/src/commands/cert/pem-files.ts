import { randomUUID } from 'node:crypto';
import { link, open, readFile, rename, rm } from 'node:fs/promises';
import { certError, whyNot } from './cert-error.js';

/** A file to write. */
export interface PemFile {
  path: string;
  text: string;
  /** Whether only the owner may read it, as for private keys. */
  secret: boolean;
}

/**
 * Writes new files, all or none. A file appears with its complete content.
 *
 * @throws CtlError `CTL_CERT`, also when a file exists: keys must not be lost by mistake
 */
export async function writeNewFiles(files: readonly PemFile[]): Promise<void> {
  const written: string[] = [];
  try {
    for (const file of files) {
      await viaTemporary(file, async (temporary) => {
        // unlike a rename, a link never replaces a file
        await link(temporary, file.path);
        written.push(file.path);
        await rm(temporary);
      });
    }
  } catch (error) {
    for (const path of written) await rm(path, { force: true });
    throw error;
  }
}

/** Replaces a file. @throws CtlError `CTL_CERT`; the old file then still exists */
export function replaceFile(file: PemFile): Promise<void> {
  return viaTemporary(file, (temporary) => rename(temporary, file.path));
}

/** Reads a file. @throws CtlError `CTL_CERT` */
export async function readPem(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw certError(`cannot read ${path}: ${whyNot(error)}`, error);
  }
}

async function viaTemporary(
  { path, text, secret }: PemFile,
  finish: (temporary: string) => Promise<void>,
): Promise<void> {
  const temporary = `${path}.${randomUUID().slice(0, 8)}.tmp`;
  try {
    const handle = await open(temporary, 'wx', secret ? 0o600 : 0o644);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await finish(temporary);
  } catch (error) {
    await rm(temporary, { force: true });
    throw certError(`cannot write ${path}: ${whyNot(error)}`, error);
  }
}

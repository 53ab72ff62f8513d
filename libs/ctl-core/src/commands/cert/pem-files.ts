import { randomUUID } from 'node:crypto';
import { link, open, readFile, rename, rm } from 'node:fs/promises';
import { certError, whyNot } from './cert-error.js';

/** A file to write. */
export interface PemFile {
  path: string;
  text: string;
  /** Private keys are for their owner only. */
  secret: boolean;
}

/**
 * Writes files that are not there yet, all or none; nobody ever sees half of one.
 *
 * @throws CtlError `CTL_CERT`, also when one is there already: keys are not to be lost by a slip
 */
export async function writeNewFiles(files: readonly PemFile[]): Promise<void> {
  const written: string[] = [];
  try {
    for (const file of files) {
      await viaTemporary(file, async (temporary) => {
        // unlike a rename this replaces nothing
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

/** Writes a file over the one that is there. @throws CtlError `CTL_CERT`; then the old one is still there */
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

import { readFile, stat } from 'node:fs/promises';
import { messageOf } from '@tunasync/protocol';
import { checkAuthority, checkPair, type Validity } from './pem.js';
import type { NamedFile, PemPair, TlsFiles, TlsTexts } from './tls-files.js';

/** Files that are taken together or not at all. */
export interface Unit {
  readonly name: keyof TlsFiles;
  /** The certificate first. */
  readonly files: readonly [cert: NamedFile, key?: NamedFile];
}

/** What was read of a unit. */
export interface UnitContent {
  text: PemPair | string;
  validity: Validity;
}

/** The units that are there. */
export function unitsOf(files: TlsFiles): Unit[] {
  const units: Unit[] = [];
  for (const name of ['server', 'client'] as const) {
    const pair = files[name];
    if (pair !== undefined) units.push({ name, files: [pair.cert, pair.key] });
  }
  for (const name of ['clientCa', 'ca'] as const) {
    const file = files[name];
    if (file !== undefined) units.push({ name, files: [file] });
  }
  return units;
}

/** Reads and checks a unit, or says all that is wrong with it. Never rejects. */
export async function readUnit({ files }: Unit): Promise<UnitContent | { problems: string[] }> {
  const problems: string[] = [];
  const read = async ({ key, file }: NamedFile): Promise<string> => {
    try {
      return await readFile(file, 'utf8');
    } catch (error) {
      problems.push(`${key}: cannot read ${file}: ${whyUnreadable(error)}`);
      return '';
    }
  };
  const [certFile, keyFile] = files;
  const cert = await read(certFile);
  const key = keyFile && (await read(keyFile));
  if (problems.length > 0) return { problems };
  const checked = key === undefined ? checkAuthority(cert) : checkPair({ cert, key }, certFile.file);
  if (!('problems' in checked)) return checked;
  for (const { problem, of } of checked.problems) {
    const at = of === 'key' && keyFile !== undefined ? keyFile : certFile;
    problems.push(`${at.key}: ${at.file}: ${problem}`);
  }
  return { problems };
}

/**
 * A text that changes with the files of a unit: by writing, by renaming another file over one, and by pointing a
 * symbolic link elsewhere.
 */
export async function stampOf({ files }: Unit): Promise<string> {
  const stamps: string[] = [];
  for (const named of files) {
    if (named === undefined) continue;
    try {
      const { dev, ino, size, mtimeNs, ctimeNs } = await stat(named.file, { bigint: true });
      stamps.push([dev, ino, size, mtimeNs, ctimeNs].join(':'));
    } catch {
      stamps.push('none');
    }
  }
  return stamps.join(' ');
}

/** The texts of all units. */
export function textsOf(contents: Iterable<[Unit, UnitContent]>): TlsTexts {
  const texts: TlsTexts = { server: undefined, clientCa: undefined, client: undefined, ca: undefined };
  // a unit's name decides whether its text is a pair
  for (const [{ name }, { text }] of contents) Object.assign(texts, { [name]: text });
  return texts;
}

function whyUnreadable(error: unknown): string {
  switch ((error as NodeJS.ErrnoException).code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return 'the file does not exist';
    case 'EACCES':
      return 'no permission';
    case 'EISDIR':
      return 'it is a folder';
    default:
      return messageOf(error);
  }
}

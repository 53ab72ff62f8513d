import { isAbsolute, join } from 'node:path';
import picomatch from 'picomatch';
import { isMissing } from './files.js';

/**
 * Paths that match a glob, in the order of their names. As in Go's `filepath.Glob`, `*`, `?` and `[…]` work within one
 * part of a path and match names that begin with a dot too; there is no `**` and no `{a,b}`.
 *
 * @param folder - where a relative glob starts
 * @param list - names of all entries of a folder
 * @returns none when nothing matches; rejects when a folder on the way cannot be read
 */
export async function expandGlob(
  glob: string,
  folder: string,
  list: (folder: string) => Promise<string[]>,
): Promise<string[]> {
  const parts = glob.split('/').filter((part) => part !== '');
  let found = [isAbsolute(glob) ? '/' : folder];
  for (const part of parts) {
    const next: string[] = [];
    for (const base of found) next.push(...(await matchPart(base, part, list)));
    found = next;
  }
  return parts.length === 0 ? [] : found;
}

/** Whether a glob names one path only. */
export function isPlainPath(glob: string): boolean {
  return !/[*?[\\]/.test(glob);
}

async function matchPart(
  base: string,
  part: string,
  list: (folder: string) => Promise<string[]>,
): Promise<string[]> {
  if (part === '.' || part === '..') return [join(base, part)];
  try {
    const names = await list(base);
    if (isPlainPath(part)) return names.includes(part) ? [join(base, part)] : [];
    const matches = picomatch(part, {
      dot: true,
      noextglob: true,
      nobrace: true,
      noglobstar: true,
      nonegate: true,
    });
    return names
      .filter((name) => matches(name))
      .sort((a, b) => (a < b ? -1 : 1))
      .map((name) => join(base, name));
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

import { nearest } from '@tunasync/config';
import { CtlError } from '../../errors/errors.js';
import type { MirrorFile, MirrorFolder } from './mirror-folder.js';

/**
 * Finds a file by its name, with or without `.conf`, or by the name of one of its mirrors.
 *
 * @param prefer - chooses among several files that have a mirror of that name
 * @throws CtlError `CTL_MIRRORS` when no file matches, with a similar name, or several do
 */
export function findFile(
  { path, files }: MirrorFolder,
  name: string,
  prefer: (file: MirrorFile) => boolean = () => false,
): MirrorFile {
  const exact = files.filter((file) => file.name === name || file.enabledAs.includes(name));
  const candidates =
    exact.length > 0
      ? exact
      : files.filter((file) => file.name === `${name}.conf` || file.mirrors.includes(name));
  const preferred = candidates.filter(prefer);
  const [found, ...others] = preferred.length > 0 ? preferred : candidates;
  if (found === undefined) {
    const known = files.flatMap((file) => [...file.mirrors, stem(file), file.name]);
    const near = nearest(name, known);
    throw new CtlError(
      'CTL_MIRRORS',
      `no mirror and no file '${name}' in ${path}${near === undefined ? '' : `; did you mean '${near}'?`}`,
    );
  }
  if (others.length > 0) {
    const names = [found, ...others].map((file) => file.name).join(' and ');
    throw new CtlError('CTL_MIRRORS', `'${name}' may be ${names}: give the name of the file`);
  }
  return found;
}

function stem({ name }: MirrorFile): string {
  return name.slice(0, -'.conf'.length);
}

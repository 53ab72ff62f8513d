import { lstat, readdir, realpath } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { formatDiagnostic, parseWorkerConfig, readFoundText } from '@tunasync/config';
import { messageOf } from '@tunasync/protocol';
import { CtlError } from '../../errors/errors.js';

/** A mirror file and whether it is enabled. */
export interface MirrorFile {
  /** Its name, such as `debian.conf`. */
  readonly name: string;
  /** Its path: in `mirror-available`, or in `mirror-enabled` if it is only there. */
  readonly path: string;
  readonly isAvailable: boolean;
  /** Names in `mirror-enabled` that point to it; empty when it is not enabled. */
  readonly enabledAs: readonly string[];
  /** Names of its mirrors; empty when it does not load. */
  readonly mirrors: readonly string[];
  /** The reason for which it does not load. */
  readonly problem: string | undefined;
}

/** A folder with `mirror-available` and `mirror-enabled`. */
export interface MirrorFolder {
  readonly path: string;
  readonly available: string;
  readonly enabled: string;
  /** The files, sorted by name. */
  readonly files: readonly MirrorFile[];
}

/** The settings that a worker's file needs in addition to mirrors. */
export const workerHead =
  '[global]\nname = "w"\nlog_dir = "/"\nmirror_dir = "/"\nconcurrent = 1\ninterval = 1\n';

/** Reads a folder of mirror files. @throws CtlError `CTL_MIRRORS` */
export async function readMirrorFolder(dir: string): Promise<MirrorFolder> {
  const path = resolve(dir);
  const [available, enabled] = [join(path, 'mirror-available'), join(path, 'mirror-enabled')];
  const [ofAvailable, ofEnabled] = [await configNames(available), await configNames(enabled)];
  if (ofAvailable === undefined && ofEnabled === undefined) {
    throw new CtlError('CTL_MIRRORS', `${path}: expected the folders mirror-available and mirror-enabled`);
  }
  const byRealPath = new Map<string, string[]>();
  for (const name of ofEnabled ?? []) {
    const at = join(enabled, name);
    // a broken link counts as a file of its own
    const real = await realpath(at).catch(() => at);
    byRealPath.set(real, [...(byRealPath.get(real) ?? []), name]);
  }
  const files: MirrorFile[] = [];
  for (const name of ofAvailable ?? []) {
    const at = join(available, name);
    const real = await realpath(at).catch(() => at);
    files.push(await mirrorFile(name, at, true, byRealPath.get(real) ?? []));
    byRealPath.delete(real);
  }
  for (const names of byRealPath.values()) {
    for (const name of names) files.push(await mirrorFile(name, join(enabled, name), false, [name]));
  }
  files.sort((a, b) => (a.name < b.name ? -1 : 1));
  return { path, available, enabled, files };
}

async function mirrorFile(
  name: string,
  path: string,
  isAvailable: boolean,
  enabledAs: readonly string[],
): Promise<MirrorFile> {
  const loaded = await parseWorkerConfig(`${workerHead}[include]\ninclude_mirrors = "*"\n`, {
    file: path,
    readFile: readFoundText,
    listFolder: () => Promise.resolve([name]),
  });
  const error = loaded.diagnostics.find(({ severity }) => severity === 'error');
  return {
    name,
    path,
    isAvailable,
    enabledAs,
    mirrors: loaded.ok ? loaded.value.mirrors.map((mirror) => mirror.name) : [],
    problem: error === undefined ? undefined : formatDiagnostic(error),
  };
}

/** Returns the names that match `*.conf`; undefined when the folder does not exist. */
async function configNames(folder: string): Promise<string[] | undefined> {
  try {
    return (await readdir(folder)).filter((name) => name.endsWith('.conf')).sort();
  } catch (error) {
    if ((error as { code?: string }).code === 'ENOENT') return undefined;
    throw new CtlError('CTL_MIRRORS', `${folder} cannot be read: ${messageOf(error)}`, error);
  }
}

/** Whether a path exists, even as a broken link. */
export async function isThere(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}

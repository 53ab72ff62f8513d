import { readdir, realpath } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import {
  formatDiagnostic,
  loadWorkerConfig,
  parseWorkerConfig,
  readFoundText,
  type LoadResult,
  type WorkerConfig,
} from '@tunasync/config';
import { CtlError } from '../../errors/errors.js';
import { workerHead, type MirrorFolder } from './mirror-folder.js';

/** A future entry of `mirror-enabled`: its name and the file that it points to. */
export type EnabledSet = ReadonlyMap<string, string>;

/** Options of {@link checkEnabled}. */
export interface CheckOptions {
  folder: MirrorFolder;
  /** The entries after the change. */
  enabled: EnabledSet;
  /** The new names among them, which the worker's file has to include. */
  added: readonly string[];
  /** The worker's file; undefined: the mirror files are checked on their own. */
  workerConfig: string | undefined;
  /** Receives the warnings. */
  note: (line: string) => void;
}

/**
 * Loads the configuration that a worker would load with `enabled` in its folder, before anything is changed.
 *
 * @returns the worker's name, when its file is known
 * @throws CtlError `CTL_MIRRORS` with file and line of the first error
 */
export async function checkEnabled(options: CheckOptions): Promise<string | undefined> {
  const { folder, enabled, added, workerConfig, note } = options;
  const shown = (file: string): string =>
    dirname(file) === folder.enabled ? (enabled.get(basename(file)) ?? file) : file;
  const { loaded, isIncluded, read } = await load(options);
  const diagnostics = loaded.diagnostics.map((diagnostic) => ({
    ...diagnostic,
    file: shown(diagnostic.file),
  }));
  for (const diagnostic of diagnostics) {
    if (diagnostic.severity === 'warning') note(`warning: ${formatDiagnostic(diagnostic)}`);
  }
  if (!loaded.ok) {
    const errors = diagnostics.filter(({ severity }) => severity === 'error');
    const [first] = errors.map(formatDiagnostic);
    const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
    throw new CtlError('CTL_MIRRORS', `nothing was changed: ${first ?? 'it would not load'}${more}`);
  }
  if (workerConfig === undefined) return undefined;
  const leftOut = isIncluded ? added.find((name) => !read.has(name)) : '*.conf';
  if (leftOut !== undefined) {
    throw new CtlError(
      'CTL_MIRRORS',
      `nothing was changed: ${workerConfig} does not include ${folder.enabled}/${leftOut} (include.include_mirrors)`,
    );
  }
  return loaded.value.global.name;
}

async function load({ folder, enabled, workerConfig }: CheckOptions): Promise<{
  loaded: LoadResult<WorkerConfig>;
  isIncluded: boolean;
  /** The names in `mirror-enabled` that were read. */
  read: ReadonlySet<string>;
}> {
  let isIncluded = false;
  const read = new Set<string>();
  const real = (path: string): Promise<string> => realpath(path).catch(() => path);
  const realEnabled = await real(folder.enabled);
  const isEnabledFolder = async (path: string): Promise<boolean> => (await real(path)) === realEnabled;
  const access = {
    listFolder: async (path: string): Promise<string[]> => {
      if (await isEnabledFolder(path)) {
        isIncluded = true;
        return [...enabled.keys()];
      }
      const names = await readdir(path);
      // the folder is created with the first link
      const isParent = (await real(path)) === (await real(folder.path));
      return isParent ? [...new Set([...names, basename(folder.enabled)])] : names;
    },
    readFile: async (path: string): Promise<string> => {
      if (!(await isEnabledFolder(dirname(path)))) return readFoundText(path);
      const name = basename(path);
      read.add(name);
      return readFoundText(enabled.get(name) ?? path);
    },
  };
  const loaded =
    workerConfig === undefined
      ? await parseWorkerConfig(`${workerHead}[include]\ninclude_mirrors = "*.conf"\n`, {
          // the folder that the glob starts in
          file: join(folder.enabled, 'check'),
          ...access,
        })
      : await loadWorkerConfig({ file: workerConfig, ...access });
  return { loaded, isIncluded, read };
}

import { isMissing, readText, type FileAccess } from '../document/files.js';
import type { CtlConfig, LoadResult } from '../settings/types.js';
import { ctlDefaults, type CtlOverrides } from './ctl-defaults.js';

/** What {@link loadCtlConfig} takes. */
export interface LoadCtlOptions extends FileAccess {
  /** Files that need not be there, read before {@link files}. */
  optionalFiles?: readonly string[] | undefined;
  /** Files that must be there; a later one wins key by key. */
  files?: readonly string[] | undefined;
  overrides?: CtlOverrides | undefined;
}

/**
 * Loads tunasynctl's files. Keeps nothing between calls. Never rejects because of what a file says.
 *
 * Without a file and a flag neither the TOML parser nor zod is loaded: a command line tool starts faster.
 */
export async function loadCtlConfig(options: LoadCtlOptions = {}): Promise<LoadResult<CtlConfig>> {
  const files: string[] = [];
  for (const file of options.optionalFiles ?? []) {
    if (await exists(file, options)) files.push(file);
  }
  files.push(...(options.files ?? []));
  const { overrides = {} } = options;
  if (files.length === 0 && Object.values(overrides).every((value) => value === undefined)) {
    return { ok: true, value: ctlDefaults, diagnostics: [] };
  }
  const { readCtlFiles } = await import('./read-ctl.js');
  return readCtlFiles(files, overrides, options);
}

async function exists(file: string, access: FileAccess): Promise<boolean> {
  try {
    await (access.readFile ?? readText)(file);
    return true;
  } catch (error) {
    return !isMissing(error);
  }
}

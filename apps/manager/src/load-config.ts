import {
  checkDbFile,
  loadManagerConfig,
  type Diagnostic,
  type LoadResult,
  type ManagerConfig,
} from '@tunasync/config';
import { messageOf } from '@tunasync/protocol';
import { parseRedisUrl } from '@tunasync/store';
import { overridesOf, type ManagerFlags } from './flags.js';

/** Loads the configuration that the flags ask for, and looks whether its database can be one of ours. */
export async function loadConfig(flags: ManagerFlags): Promise<LoadResult<ManagerConfig>> {
  if ((flags.cert === undefined) !== (flags.key === undefined)) {
    const message = '--cert and --key go together only';
    return { ok: false, diagnostics: [{ severity: 'error', file: 'command line', key: '', message }] };
  }
  const loaded = await loadManagerConfig({ file: flags.config, overrides: overridesOf(flags) });
  if (!loaded.ok) return loaded;
  const problem = checkRedisUrl(loaded.value, flags) ?? (await checkDbFile(loaded.value, flags.config));
  return problem === undefined ? loaded : { ok: false, diagnostics: [...loaded.diagnostics, problem] };
}

function checkRedisUrl({ files }: ManagerConfig, { config, dbFile }: ManagerFlags): Diagnostic | undefined {
  if (files.dbType !== 'redis') return undefined;
  try {
    parseRedisUrl(files.dbFile);
    return undefined;
  } catch (error) {
    const file = dbFile === undefined && config !== undefined ? config : 'command line';
    return { severity: 'error', file, key: 'files.db_file', message: messageOf(error) };
  }
}

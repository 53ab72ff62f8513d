import {
  checkDbFile,
  lineOfKey,
  loadManagerConfig,
  type Diagnostic,
  type LoadResult,
  type ManagerConfig,
} from '@tunasync/config';
import { messageOf } from '@tunasync/protocol';
import { parseRedisUrl } from '@tunasync/store';
import { overridesOf, type ManagerFlags } from './flags.js';

/** Loads the configuration with the flags applied, and checks that its database can be opened by this program. */
export async function loadConfig(flags: ManagerFlags): Promise<LoadResult<ManagerConfig>> {
  if ((flags.cert === undefined) !== (flags.key === undefined)) {
    const message = '--cert and --key must be given together';
    return { ok: false, diagnostics: [{ severity: 'error', file: 'command line', key: '', message }] };
  }
  const loaded = await loadManagerConfig({ file: flags.config, overrides: overridesOf(flags) });
  if (!loaded.ok) return loaded;
  const file = flags.dbFile === undefined && flags.config !== undefined ? flags.config : 'command line';
  const problem = (await checkRedisUrl(loaded.value, file)) ?? (await checkDbFile(loaded.value, file));
  return problem === undefined ? loaded : { ok: false, diagnostics: [...loaded.diagnostics, problem] };
}

async function checkRedisUrl({ files }: ManagerConfig, file: string): Promise<Diagnostic | undefined> {
  if (files.dbType !== 'redis') return undefined;
  try {
    parseRedisUrl(files.dbFile);
    return undefined;
  } catch (error) {
    const line = await lineOfKey(file, 'files.db_file');
    const place = { file, ...(line === undefined ? {} : { line }), key: 'files.db_file' };
    return { severity: 'error', ...place, message: messageOf(error) };
  }
}

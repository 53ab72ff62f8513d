import { checkDbFile, loadManagerConfig, type LoadResult, type ManagerConfig } from '@tunasync/config';
import { overridesOf, type ManagerFlags } from './flags.js';

/** Loads the configuration that the flags ask for, and looks whether its database can be one of ours. */
export async function loadConfig(flags: ManagerFlags): Promise<LoadResult<ManagerConfig>> {
  if ((flags.cert === undefined) !== (flags.key === undefined)) {
    const message = '--cert and --key go together only';
    return { ok: false, diagnostics: [{ severity: 'error', file: 'command line', key: '', message }] };
  }
  const loaded = await loadManagerConfig({ file: flags.config, overrides: overridesOf(flags) });
  if (!loaded.ok) return loaded;
  const problem = await checkDbFile(loaded.value, flags.config);
  return problem === undefined ? loaded : { ok: false, diagnostics: [...loaded.diagnostics, problem] };
}

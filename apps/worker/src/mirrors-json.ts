import { maskSecrets, maskWords } from '@tunasync/config';
import type { EffectiveMirror } from './effective-mirror.js';

/** Returns the mirrors as JSON, with the field names of the files. Secrets are masked. */
export function mirrorsJson(mirrors: readonly EffectiveMirror[]): string {
  const rows = mirrors.map(({ config, env, commands }) => ({
    name: config.name,
    provider: config.provider,
    upstream: config.upstream,
    interval_minutes: config.intervalMinutes,
    retry: config.retry,
    timeout_seconds: config.timeoutSeconds,
    working_dir: config.workingDir,
    log_dir: config.logDir,
    is_master: config.isMaster,
    success_exit_codes: config.successExitCodes,
    memory_limit: config.memoryLimit,
    env,
    commands: commands.map(maskWords),
  }));
  return JSON.stringify(maskSecrets(rows), undefined, 2);
}

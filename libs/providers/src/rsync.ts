import type { CommandSpec } from '@tunasync/executors';
import { TunasyncError } from '@tunasync/protocol';
import type { Attempt, ProviderPlugin } from './plugin/interfaces.js';
import { watchRsync } from './progress/watch-rsync.js';
import { exitSucceeded } from './results/exit-succeeded.js';
import { inspectRsync } from './results/rsync-result.js';
import { checkRsyncUpstream, completeOptions, rsyncCommand } from './rsync-command.js';

/** `provider = "rsync"`: one complete sync. */
export const rsyncProvider: ProviderPlugin = {
  name: 'rsync',
  create(mirror) {
    checkRsyncUpstream(mirror);
    const overridden = mirror.rsyncOverride.length > 0;
    if (mirror.rsyncOverrideOnly && !overridden) {
      throw new TunasyncError(
        'PROVIDER_CONFIG_INVALID',
        `mirrors[${mirror.name}].rsync_override_only: expected rsync_override beside it`,
      );
    }
    const commands = (attempt: Attempt): [CommandSpec] => [
      rsyncCommand(mirror, attempt, {
        leading: overridden ? mirror.rsyncOverride : completeOptions,
        trailing: mirror.rsyncOverrideOnly ? [] : [...mirror.globalRsyncOptions, ...mirror.rsyncOptions],
        bare: mirror.rsyncOverrideOnly,
      }),
    ];
    return {
      name: 'rsync',
      commands,
      succeeded: (exit) => exitSucceeded(exit, mirror.successExitCodes),
      inspect: (attempt, exit) => inspectRsync(mirror, attempt, exit, commands(attempt)),
      watch: (run) => watchRsync(run, { workingDir: mirror.workingDir, commands: 1 }),
    };
  },
};

import { TunasyncError } from '@tunasync/protocol';
import { exitSucceeded } from './exit-succeeded.js';
import type { ProviderPlugin } from './interfaces.js';
import { checkRsyncUpstream, completeOptions, rsyncCommand } from './rsync-command.js';
import { inspectRsync } from './rsync-result.js';

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
    return {
      name: 'rsync',
      commands: (attempt) => [
        rsyncCommand(mirror, attempt, {
          leading: overridden ? mirror.rsyncOverride : completeOptions,
          trailing: mirror.rsyncOverrideOnly ? [] : [...mirror.globalRsyncOptions, ...mirror.rsyncOptions],
          bare: mirror.rsyncOverrideOnly,
        }),
      ],
      succeeded: (exit) => exitSucceeded(exit, mirror.successExitCodes),
      inspect: (attempt, exit) => inspectRsync(mirror, attempt, exit),
    };
  },
};

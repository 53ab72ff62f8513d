import type { CommandSpec } from '@tunasync/executors';
import { TunasyncError } from '@tunasync/protocol';
import type { Attempt, ProviderPlugin } from './plugin/interfaces.js';
import { watchRsync } from './progress/watch-rsync.js';
import { exitSucceeded } from './results/exit-succeeded.js';
import { inspectRsync } from './results/rsync-result.js';
import { addingOptions, checkRsyncUpstream, completeOptions, rsyncCommand } from './rsync-command.js';
import { stage1Filters, stage1ProfileNames } from './stage1-profiles.js';

/**
 * `provider = "two-stage-rsync"`: first everything but the indices, without deleting, then a complete sync, so
 * that no index ever names a file that is not there.
 */
export const twoStageRsyncProvider: ProviderPlugin = {
  name: 'two-stage-rsync',
  create(mirror) {
    checkRsyncUpstream(mirror);
    const filters = stage1Filters(mirror.stage1Profile);
    // Existing files with a bad profile load: only this mirror fails, once for each run.
    if (filters === undefined) {
      throw new TunasyncError(
        'PROVIDER_CONFIG_INVALID',
        `mirrors[${mirror.name}].stage1_profile: unknown profile '${mirror.stage1Profile}', ` +
          `expected one of ${stage1ProfileNames.join(', ')}`,
      );
    }
    const commands = (attempt: Attempt): [CommandSpec, CommandSpec] => [
      rsyncCommand(mirror, attempt, { leading: [...addingOptions, ...filters] }),
      rsyncCommand(mirror, attempt, { leading: [...completeOptions, ...mirror.rsyncOptions] }),
    ];
    return {
      name: 'two-stage-rsync',
      commands,
      succeeded: (exit) => exitSucceeded(exit, mirror.successExitCodes),
      inspect: (attempt, exit) => inspectRsync(mirror, attempt, exit, commands(attempt)),
      watch: (run) => watchRsync(run, { workingDir: mirror.workingDir, commands: 2 }),
    };
  },
};

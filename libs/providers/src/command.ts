import { splitCommandLine, type MirrorConfig } from '@tunasync/config';
import { exitMessage, type ExitResult } from '@tunasync/executors';
import { messageOf, TunasyncError } from '@tunasync/protocol';
import { scanLog } from '@tunasync/run-log';
import type { Attempt, AttemptOutcome, ProviderPlugin, RunFacts } from './plugin/interfaces.js';
import { watchLog } from './progress/watch-log.js';
import { exitSucceeded } from './results/exit-succeeded.js';
import { failureReason } from './results/failure-reason.js';
import { readSize } from './results/read-size.js';
import { findRefusalInScript } from './results/refusal.js';
import { knownFacts, mergeStats, readStats } from './results/rsync-stats.js';

/** The words of the mirror's `command`. @throws {@link TunasyncError} `PROVIDER_CONFIG_INVALID` */
function commandWords(mirror: MirrorConfig): [string, ...string[]] {
  const key = `mirrors[${mirror.name}].command`;
  let words: readonly string[];
  try {
    words = splitCommandLine(mirror.command);
  } catch (error) {
    throw new TunasyncError('PROVIDER_CONFIG_INVALID', `${key}: ${messageOf(error)}`, { cause: error });
  }
  const [program, ...args] = words;
  if (program === undefined || program === '') {
    throw new TunasyncError('PROVIDER_CONFIG_INVALID', `${key}: expected a program to run`);
  }
  return [program, ...args];
}

async function inspectCommand(
  mirror: MirrorConfig,
  attempt: Attempt,
  exit: ExitResult,
): Promise<AttemptOutcome> {
  if (!exitSucceeded(exit, mirror.successExitCodes)) {
    // what shells mean by it, ours and those of scripts
    const meaning = exit.code === 127 ? ': command not found, see the log' : '';
    const message = exitMessage(exit) + meaning;
    const facts = await readCommandFacts(attempt);
    const refusal = exit.code === null ? undefined : await findRefusalInScript(attempt.logFile);
    if (refusal === undefined) return { ok: false, message, reason: failureReason(exit), ...facts };
    return { ok: false, message: `${message}: ${refusal}`, reason: 'upstream-refused', ...facts };
  }
  if (mirror.failOnMatch !== undefined) {
    try {
      const { logFile, signal } = attempt;
      const { matches } = await scanLog(logFile, mirror.failOnMatch, signal === undefined ? {} : { signal });
      if (matches > 0) {
        const message = `Fail-on-match regexp found ${matches} matches`;
        return { ok: false, message, reason: 'fail-on-match', ...(await readCommandFacts(attempt)) };
      }
    } catch (error) {
      // What could not be looked through may hold a match.
      return { ok: false, message: `fail_on_match: ${messageOf(error)}`, reason: 'log-unreadable' };
    }
  }
  const size = mirror.sizePattern && (await readSize(attempt, mirror.sizePattern));
  return { ok: true, ...size, ...(await readCommandFacts(attempt)) };
}

/**
 * What the rsyncs of a script did together, if they said so. How big the mirror is they cannot tell: each may have
 * seen a part of it. Sizes with a unit are taken for those of one `-h`.
 */
async function readCommandFacts(attempt: Attempt): Promise<{ facts?: RunFacts }> {
  return knownFacts(mergeStats(await readStats(attempt, { base: 1000, all: true }), false));
}

/** `provider = "command"`: any program, told about the mirror by `TUNASYNC_` variables. */
export const commandProvider: ProviderPlugin = {
  name: 'command',
  create(mirror) {
    const argv = commandWords(mirror);
    return {
      name: 'command',
      commands: (attempt) => [
        {
          argv,
          cwd: mirror.workingDir,
          env: {
            TUNASYNC_MIRROR_NAME: mirror.name,
            TUNASYNC_WORKING_DIR: mirror.workingDir,
            TUNASYNC_UPSTREAM_URL: mirror.upstream,
            TUNASYNC_LOG_DIR: attempt.logDir,
            TUNASYNC_LOG_FILE: attempt.logFile,
            ...mirror.env,
          },
          logFile: attempt.logFile,
        },
      ],
      succeeded: (exit) => exitSucceeded(exit, mirror.successExitCodes),
      inspect: (attempt, exit) => inspectCommand(mirror, attempt, exit),
      watch: watchLog,
    };
  },
};

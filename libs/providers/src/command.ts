import { splitCommandLine, type MirrorConfig } from '@tunasync/config';
import { exitMessage, type ExitResult } from '@tunasync/executors';
import { messageOf, TunasyncError } from '@tunasync/protocol';
import { scanLog } from '@tunasync/run-log';
import { exitSucceeded } from './exit-succeeded.js';
import type { Attempt, AttemptOutcome, ProviderPlugin } from './interfaces.js';
import { readSize } from './read-size.js';

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
    return { ok: false, message: exitMessage(exit) + meaning };
  }
  if (mirror.failOnMatch !== undefined) {
    try {
      const { logFile, signal } = attempt;
      const { matches } = await scanLog(logFile, mirror.failOnMatch, signal === undefined ? {} : { signal });
      if (matches > 0) return { ok: false, message: `Fail-on-match regexp found ${matches} matches` };
    } catch (error) {
      // What could not be looked through may hold a match.
      return { ok: false, message: `fail_on_match: ${messageOf(error)}` };
    }
  }
  return { ok: true, ...(mirror.sizePattern && (await readSize(attempt, mirror.sizePattern))) };
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
    };
  },
};

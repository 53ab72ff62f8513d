import { compilePattern, type MirrorConfig } from '@tunasync/config';
import { exitMessage, type ExitResult } from '@tunasync/executors';
import { appendToLog } from '@tunasync/run-log';
import { exitSucceeded } from './exit-succeeded.js';
import type { Attempt, AttemptOutcome } from './interfaces.js';
import { readSize } from './read-size.js';
import { rsyncExitMeaning } from './rsync-exit-values.js';

/** The line of `--stats -h` that tells how big the whole tree is. */
const totalSize = compilePattern('(?m)^Total file size: ([0-9\\.]+[KMGTP]?) bytes');

/** Says at the end of the log what rsync's exit code means. */
async function explainInLog(attempt: Attempt, meaning: string): Promise<void> {
  try {
    await appendToLog(attempt.logFile, `rsync error: ${meaning}\n`);
  } catch {
    // A full disk is a likely cause of the exit code itself, which `error_msg` explains all the same.
  }
}

/** Why a shell says that there was nothing to run; rsync itself never ends with these codes. */
function notRun(mirror: MirrorConfig, { code }: ExitResult): string {
  const program = mirror.command || 'rsync';
  if (code === 127) return `: ${program} was not found`;
  return code === 126 ? `: ${program} may not be executed` : '';
}

/** Result of an attempt whose last rsync ended with `exit`. */
export async function inspectRsync(
  mirror: MirrorConfig,
  attempt: Attempt,
  exit: ExitResult,
): Promise<AttemptOutcome> {
  const meaning =
    exit.signal === null && exit.code !== null && exit.code !== 0 ? rsyncExitMeaning(exit.code) : undefined;
  if (exitSucceeded(exit, mirror.successExitCodes)) {
    const size = await readSize(attempt, totalSize);
    if (meaning !== undefined) await explainInLog(attempt, meaning);
    return { ok: true, ...size };
  }
  if (meaning === undefined) return { ok: false, message: exitMessage(exit) + notRun(mirror, exit) };
  await explainInLog(attempt, meaning);
  return { ok: false, message: `${exitMessage(exit)}: ${meaning}` };
}

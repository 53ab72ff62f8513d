import { compilePattern, type MirrorConfig } from '@tunasync/config';
import { exitMessage, type CommandSpec, type ExitResult } from '@tunasync/executors';
import { appendToLog } from '@tunasync/run-log';
import type { Attempt, AttemptOutcome, RunFacts } from '../plugin/interfaces.js';
import { exitSucceeded } from './exit-succeeded.js';
import { failureReason } from './failure-reason.js';
import { readSize } from './read-size.js';
import { findQuietRefusal, findRefusal } from './refusal.js';
import { rsyncExitMeaning } from './rsync-exit-values.js';
import { unitBase } from './rsync-numbers.js';
import { knownFacts, mergeStats, readStats } from './rsync-stats.js';

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

/**
 * What the rsyncs of an attempt did. What they print with `-h` is rounded: sizes of more than three digits are right
 * to within half a percent; counts of files are exact.
 */
async function readFacts(attempt: Attempt, commands: readonly CommandSpec[]): Promise<RunFacts> {
  const base = unitBase(commands.at(-1)?.argv ?? []);
  const blocks = await readStats(attempt, { base, all: commands.length > 1 });
  const own = blocks.slice(-commands.length);
  return mergeStats(own, own.length === commands.length);
}

/**
 * Result of an attempt whose last rsync ended with `exit`.
 *
 * @param commands - all rsyncs of the attempt, those that were not run too
 */
export async function inspectRsync(
  mirror: MirrorConfig,
  attempt: Attempt,
  exit: ExitResult,
  commands: readonly CommandSpec[],
): Promise<AttemptOutcome> {
  const meaning =
    exit.signal === null && exit.code !== null && exit.code !== 0 ? rsyncExitMeaning(exit.code) : undefined;
  const facts = knownFacts(await readFacts(attempt, commands));
  if (exitSucceeded(exit, mirror.successExitCodes)) {
    const refusal = facts.facts === undefined ? await findQuietRefusal(attempt.logFile) : undefined;
    if (refusal !== undefined) return refused(`${exitMessage(exit)}: ${refusal}`, facts);
    const size = await readSize(attempt, totalSize);
    if (meaning !== undefined) await explainInLog(attempt, meaning);
    return { ok: true, ...size, ...facts };
  }
  const reason = failureReason(exit);
  const refusal = reason === 'exit-code' ? await findRefusal(attempt.logFile) : undefined;
  if (meaning !== undefined) await explainInLog(attempt, meaning);
  const message = exitMessage(exit) + (meaning === undefined ? notRun(mirror, exit) : `: ${meaning}`);
  if (refusal !== undefined) return refused(`${message}: ${refusal}`, facts);
  return { ok: false, message, reason, ...facts };
}

function refused(message: string, facts: { facts?: RunFacts }): AttemptOutcome {
  return { ok: false, message, reason: 'upstream-refused', ...facts };
}

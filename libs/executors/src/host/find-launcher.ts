import { realpath } from 'node:fs/promises';
import type { Clock } from '@tunasync/protocol';
import { sleep } from '@tunasync/util';
import { isAnyLauncher } from '../launcher/launcher.js';
import { markerName } from '../launcher/marker.js';
import { hasInEnvironment, writesTo } from '../procfs/process-details.js';
import { isAlive, livingProcesses, readProcessStat } from '../procfs/process-table.js';
import type { ForeseenHandle } from './host-handle.js';

/** Pause between looks at a process that is about to become a launcher, in milliseconds. */
const pauseMs = 5;
/** Longest time from fork to exec on a busy machine, in milliseconds. */
const longestMs = 10_000;

/** A launcher, or its group when the launcher itself has died. */
export interface FoundLauncher {
  pid: number;
  /** 0 when the launcher has died: no process that was forked has that. */
  startTime: number;
}

/**
 * Looks for the launcher of a command whose pid was never recorded. Call it when the process that started the
 * command is gone.
 *
 * @returns undefined when nothing in the launcher's process group is left, or when the launcher never existed
 */
export async function findLauncher(handle: ForeseenHandle, clock: Clock): Promise<FoundLauncher | undefined> {
  const assignment = `${markerName}=${handle.marker}`;
  const found = lookFor(assignment);
  if (found !== undefined) return found;
  return (await waitForExec(handle.exitFile, assignment, clock)) ? lookFor(assignment) : undefined;
}

function lookFor(assignment: string): FoundLauncher | undefined {
  const marked = livingProcesses()?.filter(({ pid }) => hasInEnvironment(pid, assignment)) ?? [];
  const launcher = marked.find(({ pid, session }) => pid === session && isAnyLauncher(pid));
  if (launcher !== undefined) return launcher;
  // a daemon has the marker too, but leads its own group, or its group's leader never was a launcher of ours
  const orphan = marked.find(({ group, session }) => group === session && !runs(group));
  return orphan && { pid: orphan.group, startTime: 0 };
}

function runs(pid: number): boolean {
  const stat = readProcessStat(pid);
  return stat !== undefined && isAlive(stat);
}

/**
 * Between fork and exec a child still has the environment of the process that forked it, but it has its exit record
 * open already. Waits until that is over.
 *
 * @returns whether there can have been such a child
 */
async function waitForExec(exitFile: string, assignment: string, clock: Clock): Promise<boolean> {
  let file: string;
  try {
    file = await realpath(exitFile);
  } catch {
    // the record is made first: without it there was no fork
    return false;
  }
  const deadline = clock.now() + longestMs;
  let holders = livingProcesses()?.map(({ pid }) => pid) ?? [];
  // this process may have been the one that started the command
  holders = holders.filter((pid) => pid !== process.pid && writesTo(pid, file));
  while (holders.length > 0 && clock.now() < deadline) {
    holders = holders.filter((pid) => !hasInEnvironment(pid, assignment) && writesTo(pid, file));
    if (holders.length > 0) await sleep(clock, pauseMs);
  }
  return true;
}

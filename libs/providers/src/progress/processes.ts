import { readFileSync, readlinkSync } from 'node:fs';
import { constants } from 'node:os';
import { basename } from 'node:path';

// procfs is memory: reading it cannot wait for a disk
function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

/** The process of a pull that writes the files: a child of the rsync that was started. */
export interface Receiver {
  readonly pid: number;
  /** Clock ticks since the boot; together with the pid it names one process. */
  readonly startTime: number;
}

interface Stat {
  pid: number;
  parent: number;
  startTime: number;
}

/** Source of the fields: proc(5), `/proc/pid/stat`. */
function readStat(pid: number): Stat | undefined {
  const text = attempt(() => readFileSync(`/proc/${pid}/stat`, 'latin1'));
  if (text === undefined) return undefined;
  const [state = '', parent, ...rest] = text.slice(text.lastIndexOf(')') + 2).split(' ');
  if (state === 'Z' || state === 'X') return undefined;
  return { pid, parent: Number(parent), startTime: Number(rest[17]) };
}

/** The binary that a process runs, if it is an rsync and we may know: a script of that name is its shell here. */
function rsyncBinary(pid: number): string | undefined {
  const path = attempt(() => readlinkSync(`/proc/${pid}/exe`))?.replace(/ \(deleted\)$/, '');
  return path !== undefined && /^rsync(?:$|-)/.test(basename(path)) ? path : undefined;
}

/**
 * Finds the receiver: an rsync whose parent is the same rsync. In a copy within one machine the sender is such a
 * child too, but the receiver is the younger one.
 */
export function findReceiver(pids: readonly number[]): Receiver | undefined {
  const rsyncs = new Map<number, Stat & { binary: string }>();
  for (const pid of pids) {
    const binary = rsyncBinary(pid);
    const stat = binary === undefined ? undefined : readStat(pid);
    if (binary !== undefined && stat !== undefined) rsyncs.set(pid, { ...stat, binary });
  }
  let found: Stat | undefined;
  for (const stat of rsyncs.values()) {
    if (rsyncs.get(stat.parent)?.binary !== stat.binary) continue;
    const younger = found === undefined ? 1 : stat.startTime - found.startTime || stat.pid - found.pid;
    if (younger > 0) found = stat;
  }
  return found === undefined ? undefined : { pid: found.pid, startTime: found.startTime };
}

/** Whether the process is still the one that was found. */
export function isAlive({ pid, startTime }: Receiver): boolean {
  return readStat(pid)?.startTime === startTime;
}

/** Bytes that a process has read, from sockets and files; undefined when it is gone or we may not know. */
export function bytesRead({ pid }: Receiver): number | undefined {
  const text = attempt(() => readFileSync(`/proc/${pid}/io`, 'latin1'));
  const [, digits] = /^rchar: (\d+)$/m.exec(text ?? '') ?? [];
  return digits === undefined ? undefined : Number(digits);
}

/** Whether a process has a handler for a signal. Source: proc(5), `SigCgt` of `/proc/pid/status`. */
function catches(pid: number, signal: number): boolean {
  const text = attempt(() => readFileSync(`/proc/${pid}/status`, 'latin1'));
  const [, mask] = /^SigCgt:\s*([0-9a-f]+)$/m.exec(text ?? '') ?? [];
  return mask !== undefined && ((BigInt(`0x${mask}`) >> BigInt(signal - 1)) & 1n) === 1n;
}

/**
 * Asks an rsync to print one line of progress when its current file is done (rsync(1), "SIGINFO and SIGVTALRM";
 * since 3.2.0). Older ones would be killed by the signal, so only a process that has a handler for it gets it.
 *
 * @returns whether it was asked
 */
export function askForProgress(receiver: Receiver): boolean {
  if (rsyncBinary(receiver.pid) === undefined || !catches(receiver.pid, constants.signals.SIGVTALRM))
    return false;
  if (!isAlive(receiver)) return false;
  return attempt(() => process.kill(receiver.pid, 'SIGVTALRM')) ?? false;
}

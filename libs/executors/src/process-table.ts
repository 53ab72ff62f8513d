import { constants, readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** What `/proc/<pid>/stat` tells of a process. Source: proc(5). */
export interface ProcessStat {
  pid: number;
  /** One letter; `Z` and `X` are dead. */
  state: string;
  /** Process group. */
  group: number;
  session: number;
  /** Clock ticks since the boot; together with the pid it names one process. */
  startTime: number;
}

// procfs is memory: reading it cannot wait for a disk, and asynchronous reads would let the process go meanwhile
function readProc(path: string): string | undefined {
  try {
    return readFileSync(`/proc/${path}`, 'latin1');
  } catch {
    return undefined;
  }
}

/** The process with this pid; undefined when there is none. */
export function readProcessStat(pid: number): ProcessStat | undefined {
  const text = readProc(`${pid}/stat`);
  if (text === undefined) return undefined;
  // the second field is a name in parentheses that may hold anything, spaces and parentheses too
  const [state = '', , group, session, ...rest] = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return { pid, state, group: Number(group), session: Number(session), startTime: Number(rest[15]) };
}

/** Whether a process still runs; one that only waits for its parent does not. */
export function isAlive({ state }: ProcessStat): boolean {
  return state !== 'Z' && state !== 'X';
}

/** All living processes of the machine; undefined where there is no procfs. */
export function livingProcesses(): ProcessStat[] | undefined {
  let names: string[];
  try {
    names = readdirSync('/proc');
  } catch {
    return undefined;
  }
  return names
    .filter((name) => /^\d+$/.test(name))
    .map((name) => readProcessStat(Number(name)))
    .filter((stat) => stat !== undefined)
    .filter(isAlive);
}

/** All living processes of a group; undefined where there is no procfs. Costs a look at every process of the machine. */
export function livingMembers(group: number): ProcessStat[] | undefined {
  return livingProcesses()?.filter((stat) => stat.group === group);
}

/** What is in the environment with which a process was started, as `NAME=value`. Empty for another user's process. */
export function readEnvironment(pid: number): string[] {
  return readProc(`${pid}/environ`)?.split('\0') ?? [];
}

/** Whether `assignment` (`NAME=value`) is in the environment with which a process was started. */
export function hasInEnvironment(pid: number, assignment: string): boolean {
  return readEnvironment(pid).includes(assignment);
}

/** Whether a process has a file, given by its real path, open for writing. False for another user's process. */
export function writesTo(pid: number, file: string): boolean {
  let descriptors: string[];
  try {
    descriptors = readdirSync(`/proc/${pid}/fd`);
  } catch {
    return false;
  }
  return descriptors.some((descriptor) => {
    try {
      if (readlinkSync(`/proc/${pid}/fd/${descriptor}`) !== file) return false;
    } catch {
      return false;
    }
    const flags = /^flags:\t([0-7]+)$/m.exec(readProc(`${pid}/fdinfo/${descriptor}`) ?? '')?.[1] ?? '0';
    return (parseInt(flags, 8) & (constants.O_WRONLY | constants.O_RDWR)) !== 0;
  });
}

/** Names this boot of the machine; empty where the kernel does not tell. */
export function readBootId(): string {
  return readProc('sys/kernel/random/boot_id')?.trim() ?? '';
}

/** The arguments with which a process was started; empty when there is none, and for a moment while it starts. */
export function readArguments(pid: number): string[] {
  return readProc(`${pid}/cmdline`)?.split('\0').slice(0, -1) ?? [];
}

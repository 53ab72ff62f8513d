import { readdirSync } from 'node:fs';
import { readProc } from './read-proc.js';

/** A process as `/proc/<pid>/stat` describes it. Source: proc(5). */
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

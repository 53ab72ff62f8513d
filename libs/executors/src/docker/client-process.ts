import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { messageOf, type Clock } from '@tunasync/protocol';
import { sleep } from '@tunasync/util';
import { ExecutorError } from '../executor/executor-error.js';
import type { ExitResult } from '../executor/interfaces.js';
import { readExitRecord } from '../launcher/exit-record.js';
import { resultOfLauncher } from '../launcher/launcher-end.js';
import { launcherFile } from '../launcher/launcher.js';
import { markerName } from '../launcher/marker.js';
import { ProcessGroup } from '../process/process-group.js';
import { hasInEnvironment } from '../procfs/process-details.js';
import { livingProcesses, readProcessStat } from '../procfs/process-table.js';

/** Time between looks at a client that is not a child of this process, in milliseconds. */
const pollMs = 500;

/** Options of {@link startClient}. */
export interface ClientStart {
  shell: string;
  argv: readonly string[];
  env: NodeJS.ProcessEnv;
  exitFile: string;
  /** Descriptor of the output; undefined: it is lost. */
  log: number | undefined;
  /** Descriptor of the exit record; undefined: a crash loses the exit code. */
  record: number | undefined;
  /** Descriptor that the client finds as number 3. */
  extra?: number;
  clock: Clock;
}

/**
 * A docker client that is attached to a container, in a session of its own under the launcher, so that it and its exit
 * code outlive this process.
 */
export class ClientProcess {
  /** How the client ended; undefined when no record exists. Never rejects. */
  readonly ended: Promise<ExitResult | undefined>;
  readonly #group: ProcessGroup;

  constructor(group: ProcessGroup, ended: Promise<ExitResult | undefined>) {
    this.#group = group;
    this.ended = ended.then(async (result) => {
      await group.sweep(0);
      return result;
    });
  }

  /** Ends the client, not the container: SIGTERM, and SIGKILL after `graceMs`. */
  kill(graceMs: number): void {
    this.#group.terminate(graceMs);
  }
}

/**
 * Starts a client.
 *
 * @throws {@link ExecutorError} `EXECUTOR_START_FAILED`
 */
export async function startClient(start: ClientStart): Promise<ClientProcess> {
  const { shell, argv, env, exitFile, log, record, extra, clock } = start;
  const child = spawn(shell, [launcherFile, ...argv], {
    // the value is the path of the exit record: a later process finds the client by it
    env: { ...env, [markerName]: exitFile },
    detached: true,
    stdio: ['ignore', log ?? 'ignore', record ?? 'ignore', extra ?? 'ignore'],
  });
  if (child.pid === undefined) {
    const [error] = (await once(child, 'error')) as [Error];
    throw new ExecutorError(`cannot start the docker client: ${messageOf(error)}`, { cause: error });
  }
  const group = new ProcessGroup(child.pid, clock);
  const ended = once(child, 'exit').then(([code]): Promise<ExitResult | undefined> | ExitResult => {
    // a launcher that was killed leaves the client running
    if (typeof code !== 'number') return endOfGroup(group, exitFile, clock);
    return resultOfLauncher(code, exitFile);
  });
  return new ClientProcess(group, ended);
}

/** Finds the client again that an earlier process started for this execution. Costs a look at every process of the machine. */
export function adoptClient(exitFile: string, clock: Clock): ClientProcess | undefined {
  const marker = `${markerName}=${exitFile}`;
  const leader = livingProcesses()?.find(({ pid }) => hasInEnvironment(pid, marker))?.group;
  if (leader === undefined) return undefined;
  // without its leader the group is known by the marker alone
  const startTime = readProcessStat(leader)?.startTime ?? -1;
  const group = new ProcessGroup(leader, clock, { startTime, marker });
  return new ClientProcess(group, endOfGroup(group, exitFile, clock));
}

async function endOfGroup(
  group: ProcessGroup,
  exitFile: string,
  clock: Clock,
): Promise<ExitResult | undefined> {
  while (group.isAlive()) await sleep(clock, pollMs);
  return readExitRecord(exitFile);
}

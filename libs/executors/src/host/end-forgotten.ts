import { systemClock, type Clock } from '@tunasync/protocol';
import { isAnyLauncher } from '../launcher/launcher.js';
import { markerName, Markers } from '../launcher/marker.js';
import { GroupMembers } from '../process/group-members.js';
import { ProcessEnder } from '../process/process-ender.js';
import { readEnvironment } from '../procfs/process-details.js';
import { livingProcesses } from '../procfs/process-table.js';

/** Options of {@link endForgotten}. */
export interface EndForgottenOptions {
  /** Folder of the executors that started the commands; no other process may be using it. */
  stateDir: string;
  /** Executions that are on record. */
  known: ReadonlySet<string>;
  /** @defaultValue the clock of the machine */
  clock?: Clock;
  /** Receives a warning for each command that is ended. @defaultValue none */
  logger?: { warn(message: string): void };
}

/** Between SIGTERM and SIGKILL, in milliseconds. */
const graceMs = 2_000;

/**
 * Ends running commands of an earlier process that are not on record: the process was killed while a full disk
 * kept it from writing. Otherwise a second command for the same mirror would run beside them.
 *
 * Finds only commands that still have their launcher: a daemon that a command started continues.
 */
export async function endForgotten(options: EndForgottenOptions): Promise<void> {
  const { stateDir, known, clock = systemClock, logger } = options;
  const markers = new Markers(stateDir);
  await Promise.all(
    (livingProcesses() ?? []).map(async ({ pid, session, startTime }) => {
      if (pid !== session || !isAnyLauncher(pid)) return;
      const environment = readEnvironment(pid);
      if (!markers.isOurs(environment)) return;
      const marker = environment.find((assignment) => assignment.startsWith(`${markerName}=`)) ?? '';
      const id = marker.slice(markerName.length + 1, marker.lastIndexOf('@'));
      if (known.has(id)) return;
      logger?.warn(`ending a command of an earlier process that is not on record (pid ${pid})`);
      await new ProcessEnder([new GroupMembers(pid, { startTime, marker })], clock).sweep(graceMs);
    }),
  );
}

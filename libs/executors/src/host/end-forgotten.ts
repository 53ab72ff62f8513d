import { systemClock, type Clock } from '@tunasync/protocol';
import { isAnyLauncher } from '../launcher/launcher.js';
import { markerName, Markers } from '../launcher/marker.js';
import { GroupMembers } from '../process/group-members.js';
import { ProcessEnder } from '../process/process-ender.js';
import { readEnvironment } from '../procfs/process-details.js';
import { livingProcesses } from '../procfs/process-table.js';

/** What {@link endForgotten} needs. */
export interface EndForgottenOptions {
  /** Folder of the executors that started the commands; nobody else may be using it. */
  stateDir: string;
  /** Executions that somebody knows of. */
  known: ReadonlySet<string>;
  /** @defaultValue the clock of the machine */
  clock?: Clock;
  /** Told of each command that is ended. @defaultValue nobody */
  logger?: { warn(message: string): void };
}

/** Between SIGTERM and SIGKILL, in milliseconds. */
const graceMs = 2_000;

/**
 * Ends the commands that an earlier process has left running and of which nobody knows: it was killed while nothing
 * could be written down, as the disk was full. A second command for the same mirror would come on top of them.
 *
 * Only what still has its launcher is found: what a command has started as a daemon goes on.
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
      logger?.warn(`ending a command of an earlier process, of which nothing was written down (pid ${pid})`);
      await new ProcessEnder([new GroupMembers(pid, { startTime, marker })], clock).sweep(graceMs);
    }),
  );
}

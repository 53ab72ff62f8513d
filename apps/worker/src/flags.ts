import { daemonCommand, packageVersion, type DaemonFlags } from '@tunasync/daemon';

/** Flags of `tunasync-worker`. */
export interface WorkerFlags extends DaemonFlags {
  /** Taken, since existing units give it, and not used. */
  profPath?: string;
}

/** The command with all its flags. @param name - as it was called: `tunasync-worker`, `tunasync worker` */
export function workerCommand(name: string): ReturnType<typeof daemonCommand> {
  return daemonCommand(name, 'Runs the sync jobs of one machine', packageVersion(import.meta.url)).option(
    '--prof-path <path>',
    'accepted for compatibility, without effect',
  );
}

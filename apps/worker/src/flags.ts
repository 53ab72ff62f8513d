import { daemonCommand, packageVersion, type DaemonFlags } from '@tunasync/daemon';

/** Flags of `tunasync-worker`. */
export interface WorkerFlags extends DaemonFlags {
  /** Taken, since existing units give it, and not used. */
  profPath?: string;
  /** With `--check`: the mirrors as JSON. */
  json?: boolean;
}

/** The command with all its flags. @param name - as it was called: `tunasync-worker`, `tunasync worker` */
export function workerCommand(name: string): ReturnType<typeof daemonCommand> {
  return daemonCommand(name, 'Runs the sync jobs of one machine', packageVersion(import.meta.url))
    .option('--json', 'with --check: print the mirrors as JSON')
    .option('--prof-path <path>', 'accepted for compatibility, without effect');
}

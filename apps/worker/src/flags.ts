import { daemonCommand, packageVersion, type DaemonFlags } from '@tunasync/daemon';

/** Flags of `tunasync-worker`. */
export interface WorkerFlags extends DaemonFlags {
  /** Accepted because existing units use it; has no effect. */
  profPath?: string;
  /** With `--check`: prints the mirrors as JSON. */
  json?: boolean;
}

/** Creates the command with all its flags. @param name - as it was called: `tunasync-worker`, `tunasync worker` */
export function workerCommand(name: string): ReturnType<typeof daemonCommand> {
  return daemonCommand(name, 'Runs the sync jobs of one machine', packageVersion(import.meta.url))
    .option('--json', 'with --check: print the mirrors as JSON')
    .option('--prof-path <path>', 'accepted for compatibility, without effect');
}

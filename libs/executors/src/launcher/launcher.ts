import { fileURLToPath } from 'node:url';
import { readArguments } from '../procfs/process-details.js';

/**
 * The script that starts a command and records its end; see there. A file, not an argument of `sh -c`: bash
 * says nothing about children that died by a signal under `-c`.
 */
export const launcherFile = fileURLToPath(new URL('../../launcher.sh', import.meta.url));

/** Whether a process is a launcher that has not turned into its command. */
export function isLauncher(pid: number): boolean {
  return readArguments(pid).includes(launcherFile);
}

/** Whether a process looks like a launcher, also one of another installation: an update may lie between. */
export function isAnyLauncher(pid: number): boolean {
  return readArguments(pid).some((argument) => argument.endsWith('/launcher.sh'));
}

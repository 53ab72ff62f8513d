import { fileURLToPath } from 'node:url';

/**
 * The script that starts a command and records its end; see there. A file, not an argument of `sh -c`: bash
 * says nothing about children that died by a signal under `-c`.
 */
export const launcherFile = fileURLToPath(new URL('../launcher.sh', import.meta.url));

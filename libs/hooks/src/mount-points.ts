import { undoOctalEscapes } from '@tunasync/util';

/**
 * The mount points in a text of the form of `/proc/self/mountinfo`: its fifth field, in which blanks and backslashes
 * are written in octal (`\040`). Source: proc_pid_mountinfo(5).
 */
export function mountPoints(mountInfo: string): Set<string> {
  const points = new Set<string>();
  for (const line of mountInfo.split('\n')) {
    const field = line.split(' ')[4];
    if (field !== undefined) points.add(undoOctalEscapes(field));
  }
  return points;
}

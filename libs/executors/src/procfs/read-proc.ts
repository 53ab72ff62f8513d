import { readFileSync } from 'node:fs';

/**
 * The content of `/proc/<path>`; undefined when it cannot be read.
 *
 * Synchronous: procfs is memory, so that reading it never waits for a disk, and the process cannot end between two reads
 * of one function as easily.
 */
export function readProc(path: string): string | undefined {
  try {
    return readFileSync(`/proc/${path}`, 'latin1');
  } catch {
    return undefined;
  }
}

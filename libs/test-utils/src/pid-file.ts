import { readFile } from 'node:fs/promises';
import { waitFor } from './wait-for.js';

/**
 * Waits until a file holds a pid, and returns it. A shell creates the file before it writes to it, so a file that is
 * there may be empty.
 *
 * @param earlier - a pid that does not count
 */
export function waitForPid(file: string, earlier?: number): Promise<number> {
  return waitFor(`a pid in ${file}`, async () => {
    const text = await readFile(file, 'utf8');
    const pid = Number(text);
    return text.endsWith('\n') && pid > 0 && pid !== earlier && pid;
  });
}

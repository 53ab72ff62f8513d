import { readFile, rm, writeFile } from 'node:fs/promises';
import type { Logger } from '@tunasync/logger';
import { messageOf } from '@tunasync/protocol';

/** Options of {@link writePidfile}. */
export interface PidfileOptions {
  logger: Pick<Logger, 'warn'>;
  /** @defaultValue this process's */
  pid?: number;
}

/** A pidfile that was written, or that could not be. */
export interface Pidfile {
  /** Removes the file if it still holds this process's id. Never rejects. */
  remove(): Promise<void>;
}

/** Writes the process id, and a line end, to `path`. Never rejects: failing to is only logged as a warning. */
export async function writePidfile(
  path: string,
  { logger, pid = process.pid }: PidfileOptions,
): Promise<Pidfile> {
  try {
    await writeFile(path, `${pid}\n`, { mode: 0o644 });
  } catch (error) {
    logger.warn(`Cannot write the pidfile ${path}: ${messageOf(error)}`);
    return { remove: () => Promise.resolve() };
  }
  return {
    async remove() {
      try {
        // a second daemon may have taken the file over meanwhile
        if ((await readFile(path, 'utf8')).trim() === String(pid)) await rm(path);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
        logger.warn(`Cannot remove the pidfile ${path}: ${messageOf(error)}`);
      }
    },
  };
}

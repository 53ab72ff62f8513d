import { open, type FileHandle } from 'node:fs/promises';
import { explained, systemCode } from '../base/run-log-error.js';
import { failedName } from '../base/run-log-name.js';
import { readFlags } from './open-log.js';
import { readPart, type LogRange } from './read-log.js';

/** A new part of a log. */
export interface LogChunk extends LogRange {
  /**
   * Set when the log is not what was read before: it became shorter, or another file has its name (such as its
   * shortened form). This chunk is from its beginning then.
   */
  restarted?: 'truncated' | 'replaced';
}

/** Reads a log step by step while it is written, through its renaming when the attempt fails. Keeps no file open. */
export class LogFollower {
  #file: string;
  #position: number;
  #identity: string | undefined;

  /** @param start - offset in bytes; usually the `end` of the previous part. @defaultValue the beginning */
  constructor(file: string, start = 0) {
    this.#file = file;
    this.#position = start;
  }

  /**
   * Reads the text written since the last call, at most 1 MiB of it: call again while `end` is less than `size`.
   *
   * @returns undefined when the log is gone
   * @throws `RUN_LOG_READ_FAILED`
   */
  async read(): Promise<LogChunk | undefined> {
    return explained('RUN_LOG_READ_FAILED', `cannot read ${this.#file}`, async () => {
      const handle = await this.#open();
      if (handle === undefined) return undefined;
      try {
        return await this.#readOn(handle);
      } finally {
        await handle.close();
      }
    });
  }

  async #readOn(handle: FileHandle): Promise<LogChunk> {
    const { dev, ino, size } = await handle.stat();
    const identity = `${dev}:${ino}`;
    const restarted =
      this.#identity !== undefined && this.#identity !== identity
        ? ('replaced' as const)
        : size < this.#position
          ? ('truncated' as const)
          : undefined;
    this.#identity = identity;
    const range = await readPart(handle, restarted === undefined ? this.#position : 0, size, size);
    this.#position = range.end;
    return restarted === undefined ? range : { ...range, restarted };
  }

  async #open(): Promise<FileHandle | undefined> {
    const handle = await openIfThere(this.#file);
    if (handle !== undefined) return handle;
    const failed = failedName(this.#file);
    const renamed = await openIfThere(failed);
    if (renamed !== undefined) this.#file = failed;
    return renamed;
  }
}

async function openIfThere(file: string): Promise<FileHandle | undefined> {
  try {
    return await open(file, readFlags);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

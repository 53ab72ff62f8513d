import { open, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import type { RE2JS } from 're2js';
import { explained } from '../base/run-log-error.js';
import { trimmedName } from '../base/trimmed-name.js';
import type { FoundLine } from '../search/find-lines.js';
import { scanInThread, sent } from '../search/scan-thread.js';
import { cutBefore, gapRoom, gapText, lineSearch, logLayout, type LogLayout } from './log-layout.js';
import type { PunchHole } from './punch-hole.js';

/** Options of {@link LogTrimmer}. */
export interface LogTrimmerOptions {
  file: string;
  /** Bytes that are kept; less than 16 KiB counts as 16 KiB. */
  maxSize: number;
  /** Lines in which one of these is found are kept out of the middle too, the last ones that fit into an eighth. */
  keep?: readonly RE2JS[];
  punchHole: PunchHole;
  /** Ends a search for lines to keep when it is aborted. @defaultValue never */
  signal?: AbortSignal;
}

/**
 * Keeps one log below a limit: it drops the middle, and keeps the beginning and the end.
 *
 * While the log is written, its middle is given back to the disk without moving anything. After the last write,
 * {@link finish} makes a plain file of the rest. See docs/decisions/log-size.md.
 */
export class LogTrimmer {
  readonly #options: LogTrimmerOptions;
  readonly #layout: LogLayout;
  /** Up to where the middle was left out, and what is kept of it for each of the patterns. */
  #cutEnd = 0;
  #found: FoundLine[][] = [];
  /** Where the beginning that is kept ends. */
  #headEnd: number | undefined;

  constructor(options: LogTrimmerOptions) {
    this.#options = options;
    this.#layout = logLayout(options.maxSize);
  }

  /**
   * Gives the middle of a log that is being written back to the disk, if the log is larger than it may be.
   *
   * @returns bytes that the log has now, holes included
   * @throws `RUN_LOG_WRITE_FAILED` when the file system cannot do that. `RUN_LOG_READ_FAILED`
   */
  async trim(): Promise<number> {
    const { file, punchHole } = this.#options;
    const { limit, slack, tail } = this.#layout;
    return this.#explained(async () => {
      const { size } = await stat(file);
      if (size < this.#cutEnd) this.#startOver();
      if (size <= limit + slack || size - tail - this.#cutEnd < slack) return size;
      await this.#withLog('r+', async (handle) => {
        const { start, end, lines } = await this.#middle(handle, size);
        // the lines come first, so that a reader finds them here or in their old place; the writer appends far
        // after them
        const gap = Buffer.alloc(gapRoom(this.#layout));
        gap.write(gapText(end - start, lines));
        await handle.write(gap, 0, gap.length, start);
        await punchHole(file, start + gap.length, end - start - gap.length);
      });
      return size;
    });
  }

  /**
   * Makes a log that is too large a plain file within its limit. Only after the last write to it.
   *
   * @returns whether it was too large
   * @throws `RUN_LOG_WRITE_FAILED`; the log is unchanged then. `RUN_LOG_READ_FAILED`
   */
  async finish(): Promise<boolean> {
    const { file } = this.#options;
    const { limit } = this.#layout;
    return this.#explained(async () => {
      const { size, mode } = await stat(file);
      if (size <= limit) return false;
      await this.#withLog('r', async (handle) => {
        const { start, end, lines } = await this.#middle(handle, size);
        // a crash leaves this file, which is replaced or removed with the mirror's other logs
        const shorter = trimmedName(file);
        try {
          await writeParts(shorter, mode, handle, [
            { start: 0, end: start },
            gapText(end - start, lines),
            { start: end, end: size },
          ]);
          await rename(shorter, file);
        } catch (error) {
          await rm(shorter, { force: true });
          throw error;
        }
      });
      return true;
    });
  }

  #explained<T>(work: () => Promise<T>): Promise<T> {
    return explained('RUN_LOG_WRITE_FAILED', `cannot shorten ${this.#options.file}`, work);
  }

  async #withLog(flags: string, work: (handle: FileHandle) => Promise<void>): Promise<void> {
    const handle = await open(this.#options.file, flags);
    try {
      await work(handle);
    } finally {
      await handle.close();
    }
  }

  /** A log that became shorter is another one: the command has emptied it. */
  #startOver(): void {
    this.#headEnd = undefined;
    this.#cutEnd = 0;
    this.#found = [];
  }

  /** The part to drop from a log of `size` bytes, and the lines of it to keep. */
  async #middle(handle: FileHandle, size: number): Promise<{ start: number; end: number; lines: string[] }> {
    const start = (this.#headEnd ??= await cutBefore(handle, this.#layout.head));
    const wanted = size - this.#layout.tail;
    // an earlier cut was between two lines, which cannot be seen any more
    const isCut = this.#cutEnd > 0 && wanted - this.#cutEnd < lineSearch;
    const end = isCut ? this.#cutEnd : await cutBefore(handle, wanted);
    await this.#search(Math.max(start, this.#cutEnd), end);
    this.#cutEnd = end;
    const lines = new Map(this.#found.flat().map(({ at, text }) => [at, text]));
    return { start, end, lines: [...lines].sort(([a], [b]) => a - b).map(([, text]) => text) };
  }

  /** Finds lines to keep in the part that was not searched before. */
  async #search(start: number, end: number): Promise<void> {
    const { file, keep = [], signal } = this.#options;
    if (keep.length === 0 || start >= end) return;
    const room = Math.floor(this.#layout.lines / keep.length);
    const task = { file, patterns: keep.map(sent), lines: { start, end, room } };
    // the log of a run that is being stopped decides nothing any more
    if (signal?.aborted === true) return;
    const found = await scanInThread<FoundLine[][]>(task, signal).catch((error: unknown) => {
      if (signal?.aborted === true) return [];
      throw error;
    });
    this.#found = keep.map((_, i) => lastThatFit([...(this.#found[i] ?? []), ...(found[i] ?? [])], room));
  }
}

function lastThatFit(lines: FoundLine[], room: number): FoundLine[] {
  let bytes = 0;
  let first = lines.length;
  while (first > 0) {
    bytes += Buffer.byteLength(lines[first - 1]?.text ?? '') + 1;
    if (bytes > room) break;
    first--;
  }
  return lines.slice(first);
}

/** Writes a new file of texts and of parts of another file. */
async function writeParts(
  file: string,
  mode: number,
  source: FileHandle,
  parts: readonly (string | { start: number; end: number })[],
): Promise<void> {
  await rm(file, { force: true });
  const target = await open(file, 'wx', mode & 0o777);
  try {
    await target.chmod(mode & 0o777);
    for (const part of parts) {
      if (typeof part === 'string') await target.writeFile(part);
      else await copyPart(source, part.start, part.end, target);
    }
  } finally {
    await target.close();
  }
}

async function copyPart(source: FileHandle, start: number, end: number, target: FileHandle): Promise<void> {
  const buffer = Buffer.allocUnsafe(Math.min(end - start, 1 << 20));
  for (let at = start; at < end;) {
    const { bytesRead } = await source.read(buffer, 0, Math.min(buffer.length, end - at), at);
    if (bytesRead === 0) return;
    await target.writeFile(buffer.subarray(0, bytesRead));
    at += bytesRead;
  }
}

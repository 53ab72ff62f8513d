import { appendFile, open, type FileHandle } from 'node:fs/promises';
import { explained } from '../base/run-log-error.js';
import { findHole } from './find-hole.js';
import { isHole } from './hole-filter.js';
import { readFlags, type OpenLog } from './open-log.js';

/** A part of a log. */
export interface LogRange {
  /** The bytes, as UTF-8, without NULs; a character that is cut at an end becomes U+FFFD. */
  text: string;
  /** Offset of the first byte of `text`. */
  start: number;
  /** Offset after its last byte: where to continue reading. */
  end: number;
  /** Bytes that the file has now. */
  size: number;
}

/** The most that one call reads, in bytes. */
const longestRange = 1 << 20;
/** The most of a log's middle that was given back to the disk that one call passes over, in bytes. */
const longestHole = 1 << 28;

/** Adds text at the end of a log. @throws `RUN_LOG_WRITE_FAILED` */
export async function appendToLog(file: string, text: string): Promise<void> {
  await explained('RUN_LOG_WRITE_FAILED', `cannot write to ${file}`, () => appendFile(file, text));
}

/** Runs `read` with a log and its size. @throws `RUN_LOG_READ_FAILED` */
async function withLog<T>(file: string, read: (handle: FileHandle, size: number) => Promise<T>): Promise<T> {
  return explained('RUN_LOG_READ_FAILED', `cannot read ${file}`, async () => {
    const handle = await open(file, readFlags);
    try {
      const facts = await handle.stat();
      // the output of a run without a log (/dev/null), or a pipe, cannot be read
      return await read(handle, facts.isFile() ? facts.size : 0);
    } finally {
      await handle.close();
    }
  });
}

async function readBytes(handle: FileHandle, start: number, end: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(Math.max(end - start, 0));
  let filled = 0;
  while (filled < buffer.length) {
    const { bytesRead } = await handle.read(buffer, filled, buffer.length - filled, start + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return buffer.subarray(0, filled);
}

/** A log that was shortened while it was written has NULs in its middle, which are not for reading. */
function textOf(bytes: Buffer): string {
  const text = bytes.toString();
  return bytes.includes(0) ? text.replaceAll('\0', '') : text;
}

/**
 * Reads a part of a log, at most 1 MiB of it; holes before it are skipped. A log that became shorter than `start`
 * gives no text, and a smaller `size`.
 *
 * @param range - offsets in bytes; `end` is the one after the last byte. @defaultValue from the beginning, as much
 * as one call returns
 * @throws `RUN_LOG_READ_FAILED`
 */
export async function readLogRange(
  file: string,
  range: { start?: number; end?: number } = {},
): Promise<LogRange> {
  return withLog(file, async (handle, size) => {
    const start = Math.min(Math.max(range.start ?? 0, 0), size);
    return readPart(handle, start, Math.min(range.end ?? size, size), size);
  });
}

/** Reads what there is between two offsets, as far as one call goes. */
export async function readPart(
  handle: FileHandle,
  start: number,
  last: number,
  size: number,
): Promise<LogRange> {
  for (let at = start; ;) {
    const bytes = await readBytes(handle, at, Math.min(last, at + longestRange));
    const end = at + bytes.length;
    if (bytes.length === 0 || end >= last || end - start >= longestHole || !isHole(bytes)) {
      return { text: textOf(bytes), start, end, size };
    }
    at = end;
  }
}

/**
 * Reads the last lines of a log, of at most 1 MiB together; when they are longer, the first of them is left out
 * as far as it does not fit.
 *
 * @param lines - how many
 * @throws `RUN_LOG_READ_FAILED`
 */
export async function readLogTail(file: string, lines: number): Promise<LogRange> {
  return withLog(file, async (handle, firstSize) => {
    let size = firstSize;
    for (let tries = 0; tries < mostTries; tries++) {
      const bytes = await tailBytes(handle, size, lines);
      if (bytes !== undefined) return { text: textOf(bytes), start: size - bytes.length, end: size, size };
      ({ size } = await handle.stat());
    }
    return { text: '', start: size, end: size, size };
  });
}

/**
 * The last lines of a log as they are on the disk, of at most 1 MiB together, without lines before a hole.
 *
 * @param lines - how many
 * @returns the bytes, and the offset of the first of them; none if the log becomes shorter during the call
 */
export async function readLogEnd(log: OpenLog, lines: number): Promise<{ bytes: Buffer; start: number }> {
  const { handle, size } = log;
  const bytes = (await tailBytes(handle, size, lines)) ?? Buffer.alloc(0);
  let first = 0;
  if (bytes.includes(0)) {
    const hole = await findHole(handle, log);
    if (hole !== undefined) first = Math.min(Math.max(hole.end - (size - bytes.length), 0), bytes.length);
  }
  // a part that begins within a character begins after it
  const begin = size - bytes.length + first;
  if (begin > 0) for (let n = 0; n < 3 && ((bytes[first] ?? 0) & 0xc0) === 0x80; n++) first++;
  return { bytes: bytes.subarray(first), start: size - bytes.length + first };
}

const newline = 0x0a;
/** How often a log may become shorter while its end is read. */
const mostTries = 5;

/** The last lines of a log of `size` bytes; undefined when the log becomes shorter during the call. */
async function tailBytes(handle: FileHandle, size: number, lines: number): Promise<Buffer | undefined> {
  const lowest = Math.max(size - longestRange, 0);
  let start = size;
  let bytes = Buffer.alloc(0);
  // a line end at the very end of the file ends the last line and begins none
  let missing = lines;
  let first = lines > 0 ? -1 : 0;
  while (first < 0 && start > lowest) {
    const from = Math.max(start - 65_536, lowest);
    const block = await readBytes(handle, from, start);
    if (block.length < start - from) return undefined;
    bytes = Buffer.concat([block, bytes]);
    for (let i = start - from - 1; i >= 0 && first < 0; i--) {
      if (bytes[i] === newline && from + i < size - 1 && --missing === 0) first = i + 1;
    }
    start = from;
  }
  return lines > 0 ? bytes.subarray(Math.max(first, 0)) : Buffer.alloc(0);
}

import { appendFile, open, type FileHandle } from 'node:fs/promises';
import { explained } from './run-log-error.js';

/** A part of a log. */
export interface LogRange {
  /** The bytes, as UTF-8; a character that is cut at an end becomes U+FFFD. */
  text: string;
  /** Offset of the first byte of `text`. */
  start: number;
  /** Offset behind its last byte: where to go on reading. */
  end: number;
  /** Bytes that the file has now. */
  size: number;
}

/** The most that one call reads, in bytes. */
const longestRange = 1 << 20;

/** Adds text at the end of a log. @throws `RUN_LOG_WRITE_FAILED` */
export async function appendToLog(file: string, text: string): Promise<void> {
  await explained('RUN_LOG_WRITE_FAILED', `cannot write to ${file}`, () => appendFile(file, text));
}

async function withLog<T>(file: string, read: (handle: FileHandle, size: number) => Promise<T>): Promise<T> {
  return explained('RUN_LOG_READ_FAILED', `cannot read ${file}`, async () => {
    const handle = await open(file, 'r');
    try {
      return await read(handle, (await handle.stat()).size);
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

/**
 * Reads a part of a log, at most 1 MiB of it.
 *
 * @param range - offsets in bytes; `end` is the one behind the last byte. @defaultValue from the beginning, as much as a call gives
 * @throws `RUN_LOG_READ_FAILED`
 */
export async function readLogRange(
  file: string,
  range: { start?: number; end?: number } = {},
): Promise<LogRange> {
  return withLog(file, async (handle, size) => {
    const start = Math.min(Math.max(range.start ?? 0, 0), size);
    const bytes = await readBytes(handle, start, Math.min(range.end ?? size, size, start + longestRange));
    return { text: bytes.toString(), start, end: start + bytes.length, size };
  });
}

/**
 * Reads the last lines of a log, of at most 1 MiB together; when they are longer, the first of them is left out
 * as far as it does not fit.
 *
 * @param lines - how many
 * @throws `RUN_LOG_READ_FAILED`
 */
export async function readLogTail(file: string, lines: number): Promise<LogRange> {
  const newline = 0x0a;
  return withLog(file, async (handle, size) => {
    const lowest = Math.max(size - longestRange, 0);
    let start = size;
    let bytes = Buffer.alloc(0);
    // a line end at the very end of the file ends the last line and begins none
    let missing = lines;
    let first = lines > 0 ? -1 : 0;
    while (first < 0 && start > lowest) {
      const from = Math.max(start - 65_536, lowest);
      bytes = Buffer.concat([await readBytes(handle, from, start), bytes]);
      for (let i = start - from - 1; i >= 0 && first < 0; i--) {
        if (bytes[i] === newline && from + i < size - 1 && --missing === 0) first = i + 1;
      }
      start = from;
    }
    const text = bytes.subarray(Math.max(first, 0));
    return { text: text.toString(), start: size - text.length, end: size, size };
  });
}

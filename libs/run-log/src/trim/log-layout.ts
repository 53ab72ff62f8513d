import type { FileHandle } from 'node:fs/promises';

/** The least that a log is cut down to: below it, what matters at its end would not fit. In bytes. */
export const leastLogSize = 16 * 1024;

/** How the bytes that are kept of a log are used. All in bytes. */
export interface LogLayout {
  /** Everything that is kept. */
  limit: number;
  /** From the beginning. */
  head: number;
  /** From the end. */
  tail: number;
  /** Lines out of the middle. */
  lines: number;
  /** More than the limit that a log may have while it is written, so that it is not cut all the time. */
  slack: number;
}

/** How far a cut may move to be between two lines, in bytes. */
export const lineSearch = 1024;
/** Room for the line that says what was left out. */
const noticeRoom = 256;

/** A quarter for the beginning, an eighth for lines out of the middle, the rest for the end. */
export function logLayout(maxSize: number): LogLayout {
  const limit = Math.max(maxSize, leastLogSize);
  const head = Math.floor(limit / 4);
  const lines = Math.floor(limit / 8);
  return {
    limit,
    head,
    lines,
    tail: limit - head - lines - noticeRoom - lineSearch,
    slack: Math.floor(limit / 8),
  };
}

/** The most that {@link gapText} takes. */
export function gapRoom({ lines }: LogLayout): number {
  return lines + noticeRoom;
}

/** The text in the log in place of its middle; `lines` are those that were kept of it. */
export function gapText(bytes: number, lines: readonly string[]): string {
  const but = lines.length === 0 ? '' : ', except:';
  return `\n[... log_max_size: ${bytes} bytes were left out here${but} ...]\n${lines.map((line) => `${line}\n`).join('')}`;
}

const newline = 0x0a;

/** The last place at or before `offset` that is between two lines, or else between two characters. */
export async function cutBefore(handle: FileHandle, offset: number): Promise<number> {
  const start = Math.max(offset - lineSearch, 0);
  const buffer = Buffer.alloc(offset - start);
  const { bytesRead } = await handle.read(buffer, 0, buffer.length, start);
  const bytes = buffer.subarray(0, bytesRead);
  const line = bytes.lastIndexOf(newline);
  if (line >= 0) return start + line + 1;
  // a UTF-8 character begins with anything but 10xxxxxx
  let at = bytes.length;
  while (at > 0 && ((bytes[at - 1] ?? 0) & 0xc0) === 0x80) at--;
  return at > 0 && (bytes[at - 1] ?? 0) >= 0xc0 ? start + at - 1 : offset;
}

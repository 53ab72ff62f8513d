import type { LogPart, ManagerClient } from '@tunasync/client';

/** A log of a mirror. */
export interface LogAddress {
  mirror: string;
  worker: string | undefined;
  /** Its name. */
  log: string;
}

/** The maximum number of lines of a request. Source: docs/http-api.md. */
export const mostLinesAtOnce = 10_000;
/** Number of bytes to examine at a time for more lines. */
const stepBytes = 1 << 20;
const newline = 0x0a;

/** The end of a log, from an offset on. */
export type LogTail = Pick<LogPart, 'start'> & AsyncIterable<Uint8Array>;

/** Reads the last N lines of a log. @throws the errors of the client */
export async function readTail(
  manager: ManagerClient,
  at: LogAddress,
  lines: number | 'all',
): Promise<LogTail> {
  const read = (range: { from?: number; to?: number; tail?: number }): Promise<LogPart> =>
    manager.readLog(at.mirror, at.log, { worker: at.worker, ...range });
  if (lines === 'all') return read({});
  const last = await read({ tail: Math.min(Math.max(lines, 1), mostLinesAtOnce) });
  const bytes = Buffer.from(await last.bytes());
  if (lines === 0) return { start: last.end, ...nothing };
  const missing = lines - linesIn(bytes);
  if (missing <= 0 || last.start === 0) return { start: last.start, ...only(bytes) };
  const start = await startBefore(last.start, missing, read);
  return read({ from: start });
}

function linesIn(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(newline); at >= 0; at = bytes.indexOf(newline, at + 1)) count += 1;
  return bytes.length > 0 && bytes.at(-1) !== newline ? count + 1 : count;
}

/** Returns the offset of the line that is N lines before the one at `position`. */
async function startBefore(
  position: number,
  lines: number,
  read: (range: { from: number; to: number }) => Promise<LogPart>,
): Promise<number> {
  // the line end before the offset belongs to the previous line
  let left = lines + 1;
  for (let to = position; to > 0; to -= stepBytes) {
    const from = Math.max(0, to - stepBytes);
    const bytes = Buffer.from(await (await read({ from, to })).bytes());
    for (
      let at = bytes.lastIndexOf(newline);
      at >= 0;
      at = at === 0 ? -1 : bytes.lastIndexOf(newline, at - 1)
    ) {
      left -= 1;
      if (left === 0) return from + at + 1;
    }
  }
  return 0;
}

const nothing: AsyncIterable<Uint8Array> = { [Symbol.asyncIterator]: () => chunks([]) };

function only(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  return { [Symbol.asyncIterator]: () => chunks([bytes]) };
}

// eslint-disable-next-line @typescript-eslint/require-await -- what reads it waits
async function* chunks(list: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* list;
}

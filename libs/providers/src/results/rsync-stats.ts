import { open, type FileHandle } from 'node:fs/promises';
import type { Attempt, RunFacts } from '../plugin/interfaces.js';
import { parseRsyncNumber, type UnitBase } from './rsync-numbers.js';

/** The first line of what `--stats` prints. */
const firstLine = '\nNumber of files: ';
/** More than `--stats` ever prints. */
const longestBlock = 2048;
const chunkSize = 1 << 20;
/** So near to the end of a log is what its last rsync printed; only its errors come after it. */
const lastPart = 64 * 1024;

/** What {@link readStats} is told. */
export interface StatsOptions {
  base: UnitBase;
  /** Searches all of the log, for what several rsyncs have printed. @defaultValue only its end, for the last one's */
  all?: boolean;
}

/**
 * What the rsyncs of an attempt said of themselves by `--stats`, in their order. Empty when nothing was said, the
 * log cannot be read, or the run is being stopped: an attempt's result does not depend on it.
 *
 * Searching for a fixed text, a megabyte at a time, takes about a second for a gigabyte and holds nothing up.
 */
export async function readStats(
  { logFile, signal }: Attempt,
  { base, all = false }: StatsOptions,
): Promise<RunFacts[]> {
  try {
    const handle = await open(logFile, 'r');
    try {
      const { size } = await handle.stat();
      const blocks: RunFacts[] = [];
      for (const offset of await findBlocks(handle, all ? 0 : Math.max(0, size - lastPart), signal)) {
        const block = parseStats(await readText(handle, offset, longestBlock), base);
        if (block !== undefined) blocks.push(block);
      }
      return all ? blocks : blocks.slice(-1);
    } finally {
      await handle.close();
    }
  } catch {
    return [];
  }
}

async function findBlocks(handle: FileHandle, from: number, signal?: AbortSignal): Promise<number[]> {
  const found: number[] = [];
  const buffer = Buffer.allocUnsafe(chunkSize);
  for (let start = from; signal?.aborted !== true;) {
    const { bytesRead } = await handle.read(buffer, 0, chunkSize, start);
    const bytes = buffer.subarray(0, bytesRead);
    for (let at = bytes.indexOf(firstLine); at >= 0; at = bytes.indexOf(firstLine, at + 1)) {
      found.push(start + at + 1);
    }
    // a text that lies across the end is found by the next turn
    if (bytesRead < firstLine.length) return found;
    start += bytesRead - firstLine.length + 1;
  }
  return [];
}

async function readText(handle: FileHandle, offset: number, length: number): Promise<string> {
  const buffer = Buffer.alloc(length);
  const { bytesRead } = await handle.read(buffer, 0, length, offset);
  return buffer.toString('latin1', 0, bytesRead);
}

/**
 * Reads what `--stats` prints, which begins with `Number of files: `. Undefined when it is not complete, as with a
 * file of that name. Source: `output_summary` in main.c of rsync 3.0 to 3.5.
 */
export function parseStats(text: string, base: UnitBase): RunFacts | undefined {
  const end = text.indexOf('\n\n');
  const block = end < 0 ? text : text.slice(0, end + 1);
  const number = (line: RegExp): number | undefined => {
    const found = line.exec(block)?.[1];
    return found === undefined ? undefined : parseRsyncNumber(found, base);
  };
  const files = number(/^Number of (?:regular )?files transferred: (\S+)$/m);
  const totalBytes = number(/^Total file size: (\S+) bytes$/m);
  const bytesTransferred = number(/^Total bytes received: (\S+)$/m);
  if (files === undefined || totalBytes === undefined || bytesTransferred === undefined) return undefined;
  // rsync before 3.1, on either side, does not count them
  const deletions = number(/^Number of deleted files: (\S+)(?: |$)/m);
  return { bytesTransferred, files, ...(deletions !== undefined && { deletions }), totalBytes };
}

/**
 * What several rsyncs did together: sums. The whole size is the last one's, which goes over the whole tree.
 *
 * @param complete - whether all are there and the last one's size is the mirror's
 */
export function mergeStats(blocks: readonly RunFacts[], complete: boolean): RunFacts {
  const facts: RunFacts = {};
  if (blocks.length === 0) return facts;
  for (const key of ['bytesTransferred', 'files', 'deletions'] as const) {
    let sum: number | undefined = 0;
    for (const block of blocks) {
      const value = block[key];
      sum = sum === undefined || value === undefined ? undefined : sum + value;
    }
    if (sum !== undefined) facts[key] = sum;
  }
  const total = blocks.at(-1)?.totalBytes;
  if (complete && total !== undefined) facts.totalBytes = total;
  return facts;
}

/** {@link RunFacts} as a part of an outcome; nothing when nothing is known. */
export function knownFacts(facts: RunFacts): { facts?: RunFacts } {
  return Object.keys(facts).length === 0 ? {} : { facts };
}

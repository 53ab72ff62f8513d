import type { FileHandle } from 'node:fs/promises';
import { isHole } from './hole-filter.js';

/**
 * The part of a log that was given back to the disk, and reads as NULs; offsets in bytes, `end` is the first one
 * after it.
 */
export interface LogHole {
  start: number;
  end: number;
}

/** A smaller hole is not worth looking for. In bytes. */
const leastHole = 64 * 1024;
/** Bytes that are read to see whether a place is in the hole. */
const probeBytes = 4096;
/** The most places that are looked at to find the hole. */
const mostProbes = 512;

/**
 * Finds the hole in the middle of a log that was trimmed while it was written (see `LogTrimmer`), without reading
 * the whole log: the disk reports the length of the hole, so that steps of half of that meet it. Undefined when
 * there is no hole of at least 64 KiB, or when the file system does not report it.
 */
export async function findHole(
  handle: FileHandle,
  { size, allocated }: { size: number; allocated: number },
): Promise<LogHole | undefined> {
  const missing = size - allocated;
  if (missing < leastHole) return undefined;
  const step = Math.floor(missing / 2);
  if (size / step > mostProbes) return undefined;
  const buffer = Buffer.alloc(probeBytes);
  const isInside = async (at: number): Promise<boolean> => {
    const { bytesRead } = await handle.read(buffer, 0, Math.min(probeBytes, size - at), at);
    return bytesRead > 0 && isHole(buffer.subarray(0, bytesRead));
  };
  for (let at = 0; at < size; at += step) {
    if (!(await isInside(at))) continue;
    const start = at === 0 ? 0 : await border(at - step, at, isInside);
    let behind = at;
    while (behind < size && (await isInside(behind))) behind = Math.min(behind + step, size);
    const last = await border(behind, at, isInside);
    const end = Math.min(last + probeBytes, size);
    return end - start < leastHole ? undefined : { start, end };
  }
  return undefined;
}

/** Of the places from `inside` to `outside`, the last one that is inside. */
async function border(
  outside: number,
  inside: number,
  isInside: (at: number) => Promise<boolean>,
): Promise<number> {
  let [out, into] = [outside, inside];
  while (Math.abs(into - out) > 1) {
    const middle = Math.floor((out + into) / 2);
    if (await isInside(middle)) into = middle;
    else out = middle;
  }
  return into;
}

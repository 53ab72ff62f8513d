import type { ReadPart } from './load-rows.js';

/** Bytes that are looked at to tell whether a place is in a hole. */
const probe = 4096;

/**
 * Where a hole ends, found by looking at about twenty places: there is one hole in a log at most, and it may have
 * many gigabytes.
 *
 * @param from - an offset in the hole, or right behind what is known of it
 * @param to - the size of the log
 * @returns the offset of the first byte that is not NUL
 */
export async function findHoleEnd(read: ReadPart, from: number, to: number): Promise<number> {
  let low = from;
  let high = to;
  // in front of `low` all is hole; what begins at `high` is not
  while (high - low > probe) {
    const middle = low + Math.floor((high - low) / 2);
    if (await isHole(read, middle)) low = middle;
    else high = middle;
  }
  const { bytes, start } = await read(low, low + 2 * probe);
  const first = bytes.findIndex((byte) => byte !== 0);
  return start + (first === -1 ? bytes.length : first);
}

/** Where a hole begins. @param to - an offset in the hole, or right in front of what is known of it */
export async function findHoleStart(read: ReadPart, to: number): Promise<number> {
  let low = 0;
  let high = to;
  // what is in front of `low` is no hole; from `high` on all is
  while (high - low > probe) {
    const middle = low + Math.floor((high - low) / 2);
    if (await isHole(read, middle)) high = middle;
    else low = middle;
  }
  const from = Math.max(0, high - 2 * probe);
  const { bytes } = await read(from, high);
  return from + bytes.findLastIndex((byte) => byte !== 0) + 1;
}

async function isHole(read: ReadPart, at: number): Promise<boolean> {
  const { bytes } = await read(at, at + probe);
  return bytes.length > 0 && bytes.every((byte) => byte === 0);
}

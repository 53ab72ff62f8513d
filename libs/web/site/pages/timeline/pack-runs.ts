/** Something with a beginning and an end. */
export interface Interval {
  readonly start: number;
  readonly end: number;
}

/** Intervals in rows: those of a row do not touch. */
export interface Packed<T extends Interval> {
  /** By their start. */
  readonly rows: readonly (readonly T[])[];
  /** How many had no room in the rows. */
  readonly left: number;
}

/**
 * Puts intervals into as few rows as can be (as many as run at the same time), each into the first row that is free.
 *
 * @param intervals - by their start
 * @param least - no interval takes less than this; what is drawn needs a width
 * @param most - rows there may be
 */
export function packRuns<T extends Interval>(intervals: readonly T[], least = 0, most = Infinity): Packed<T> {
  const rows: T[][] = [];
  const ends: number[] = [];
  let left = 0;
  for (const interval of intervals) {
    const free = ends.findIndex((end) => end <= interval.start);
    const index = free === -1 ? ends.length : free;
    if (index >= most) {
      left += 1;
      continue;
    }
    ends[index] = Math.max(interval.end, interval.start + least);
    (rows[index] ??= []).push(interval);
  }
  return { rows, left };
}

/**
 * The interval of a row at a place, or the nearest one within reach.
 *
 * @param row - as packed
 */
export function intervalAt<T extends Interval>(row: readonly T[], at: number, reach: number): T | undefined {
  // the last that begins at or before the place
  let low = 0;
  let high = row.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((row[middle]?.start ?? Infinity) <= at) low = middle + 1;
    else high = middle;
  }
  const [before, after] = [row[low - 1], row[low]];
  const toBefore = before === undefined ? Infinity : Math.max(0, at - before.end);
  const toAfter = after === undefined ? Infinity : after.start - at;
  const [nearest, distance] = toBefore <= toAfter ? [before, toBefore] : [after, toAfter];
  return distance <= reach ? nearest : undefined;
}

/** An interval. */
export interface Interval {
  readonly start: number;
  readonly end: number;
}

/** Intervals in rows. Those of one row do not touch. */
export interface Packed<T extends Interval> {
  /** Sorted by start. */
  readonly rows: readonly (readonly T[])[];
  /** Number of intervals without a row. */
  readonly left: number;
}

/**
 * Distributes intervals over as few rows as possible: each goes into the first free row.
 *
 * @param intervals - sorted by start
 * @param least - minimum length of an interval, as drawn intervals need a width
 * @param most - maximum number of rows
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
 * @param row - as returned by {@link packRuns}
 */
export function intervalAt<T extends Interval>(row: readonly T[], at: number, reach: number): T | undefined {
  // the last one that starts at or before the place
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

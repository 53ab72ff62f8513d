import type { Interval } from './pack-runs.js';

/** How many run at the same time. */
export interface Density {
  /** The most in each of equal parts of the window. */
  readonly counts: readonly number[];
  /** The most at all, and where it begins; 0: nothing runs. */
  readonly peak: { readonly count: number; readonly at: number };
}

/** How many intervals there are at the same time. @param parts - into how many the window is cut */
export function densityOf(
  intervals: readonly Interval[],
  window: { from: number; to: number },
  parts: number,
): Density {
  const { from, to } = window;
  const counts = new Array<number>(parts).fill(0);
  const steps = intervals
    .filter(({ start, end }) => end > from && start < to)
    .flatMap(({ start, end }) => [
      { at: Math.max(start, from), by: 1 },
      { at: Math.min(end, to), by: -1 },
    ])
    // an end makes room for a start at the same time
    .sort((one, other) => one.at - other.at || one.by - other.by);
  const partOf = (at: number): number =>
    Math.min(parts - 1, Math.max(0, Math.floor(((at - from) / (to - from)) * parts)));
  let running = 0;
  let peak = { count: 0, at: from };
  steps.forEach(({ at, by }, index) => {
    running += by;
    if (running > peak.count) peak = { count: running, at };
    const next = steps[index + 1]?.at ?? at;
    for (let part = partOf(at); part <= partOf(next) && running > 0; part += 1) {
      // what ends where a part begins is not in it
      if (part > partOf(at) && from + (part * (to - from)) / parts >= next) break;
      counts[part] = Math.max(counts[part] ?? 0, running);
    }
  });
  return { counts, peak };
}

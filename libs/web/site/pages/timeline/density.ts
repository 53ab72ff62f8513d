import type { Interval } from './pack-runs.js';

/** Numbers of simultaneous runs. */
export interface Density {
  /** Maximum in each of equal parts of the window. */
  readonly counts: readonly number[];
  /** Overall maximum, and where it starts; 0: no runs. */
  readonly peak: { readonly count: number; readonly at: number };
}

/** Counts simultaneous intervals. @param parts - number of parts of the window */
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
    // an end at the time of a start comes first
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
      // an interval that ends where a part starts is not in it
      if (part > partOf(at) && from + (part * (to - from)) / parts >= next) break;
      counts[part] = Math.max(counts[part] ?? 0, running);
    }
  });
  return { counts, peak };
}

import type { ApiRunSpan } from '../../api/types.js';
import { millisOf } from '../../ui/format.js';

/** A bar of the strip: the runs that ended in a span of time. Heights are shares of the strip, 0 to 1. */
export interface RunBar {
  /** Milliseconds since the Unix epoch; `to` is the start of the next span. */
  readonly from: number;
  readonly to: number;
  readonly time: string;
  readonly good: number;
  readonly bad: number;
  readonly killed: number;
  readonly heights: { readonly good: number; readonly bad: number; readonly killed: number };
}

/** Length of a span, milliseconds. */
const spanMs = 30 * 60_000;
/** Smallest height of a part, so that even one run among many is visible. */
const leastHeight = 0.08;

/** The bars of a strip. */
export function runBars(spans: readonly ApiRunSpan[]): RunBar[] {
  const most = Math.max(1, ...spans.map(({ success, failed, killed }) => success + failed + killed));
  return spans.map(({ from: time, success, failed, killed }) => {
    const from = millisOf(time) ?? 0;
    const total = success + failed + killed;
    // the whole bar is true to scale; small parts are enlarged at the expense of the largest
    const parts = shares([success, failed, killed], Math.max(total / most, total > 0 ? leastHeight : 0));
    const [good = 0, bad = 0, ended = 0] = parts;
    return {
      from,
      to: from + spanMs,
      time,
      good: success,
      bad: failed,
      killed,
      heights: { good, bad, killed: ended },
    };
  });
}

function shares(counts: readonly number[], height: number): number[] {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) return counts.map(() => 0);
  const least = Math.min(leastHeight, height / counts.filter((count) => count > 0).length);
  const raised = counts.map((count) => (count === 0 ? 0 : Math.max(least, (height * count) / total)));
  const over = raised.reduce((sum, part) => sum + part, 0) - height;
  const largest = raised.indexOf(Math.max(...raised));
  return raised.map((part, index) => (index === largest ? part - over : part));
}

/** Totals of a strip. */
export function runTotals(spans: readonly ApiRunSpan[]): { good: number; bad: number; killed: number } {
  const totals = { good: 0, bad: 0, killed: 0 };
  for (const { success, failed, killed } of spans) {
    totals.good += success;
    totals.bad += failed;
    totals.killed += killed;
  }
  return totals;
}

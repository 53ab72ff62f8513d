/** A tick of the axis. */
export interface Tick {
  readonly at: number;
  /** Whether a day starts there. */
  readonly isDay: boolean;
}

const stepHours = [0.25, 0.5, 1, 2, 3, 4, 6, 12];
const hourMs = 3_600_000;

/** Ticks at whole hours of the reader's clock, with room for their labels. */
export function ticksOf({ from, to }: { from: number; to: number }, width: number, leastPx = 56): Tick[] {
  const pxOfHour = (width * hourMs) / (to - from);
  const step = (stepHours.find((hours) => hours * pxOfHour >= leastPx) ?? 12) * hourMs;
  const ticks: Tick[] = [];
  const day = new Date(from);
  day.setHours(0, 0, 0, 0);
  // day by day, so that changes to daylight saving time shift nothing
  while (day.getTime() < to) {
    const begin = day.getTime();
    day.setDate(day.getDate() + 1);
    for (let at = begin; at < Math.min(day.getTime(), to); at += step) {
      if (at > from) ticks.push({ at, isDay: at === begin });
    }
  }
  return ticks;
}

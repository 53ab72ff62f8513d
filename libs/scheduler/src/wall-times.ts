import { dayMs, type Zone } from './zone.js';

/** Times of a wall clock at which something is due, all of them whole seconds. */
export interface WallTimes {
  /**
   * Whether there are some in every hour of a day. Such a schedule simply goes by what the clock shows; with any
   * other, each time counts once a day, also on the days on which the clock is changed.
   */
  readonly everyHour: boolean;
  /** The first one at or after a wall time (milliseconds, see {@link Zone}); undefined when there is none. */
  next(wall: number): number | undefined;
}

/**
 * When the wall clock of `zone` next comes to one of `times`, strictly after `now`; 0: never.
 *
 * On the days on which the clock is changed, a schedule with times in every hour is due whenever the clock shows
 * one of them: twice when it shows it twice, not at all when it leaves it out. With any other schedule, a time
 * that is shown twice counts the first time only, and one or more that are left out are due once, at the moment
 * that the clock is set forward.
 */
export function nextOccurrence(times: WallTimes, zone: Zone, now: number): number {
  const first = Math.floor(now / 1000) * 1000 + 1000;
  if (times.everyHour) return nextShown(times, zone, first);
  const latest = Math.floor(zone.latestShown(now) / 1000) * 1000;
  const wall = times.next(latest + 1000);
  return wall === undefined ? 0 : zone.firstAt(wall);
}

function nextShown(times: WallTimes, zone: Zone, from: number): number {
  let instant = from;
  for (let step = 0; ; step++) {
    const { offset, until } = zone.span(instant);
    const wall = times.next(instant + offset);
    if (wall === undefined) return 0;
    if (wall < until + offset) return wall - offset;
    // a clock that is set back shows what it has shown within the last day: after that there is nothing to find before
    instant = step < 2 ? until : Math.max(until, wall - offset - dayMs);
  }
}

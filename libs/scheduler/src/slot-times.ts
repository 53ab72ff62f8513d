import { TunasyncError } from '@tunasync/protocol';
import type { WallTimes } from './wall-times.js';
import { dayMs } from './zone.js';

/** Evenly spaced times of day: an anchor, and every `minutes` minutes before and after it, each day the same. */
export class SlotTimes implements WallTimes {
  readonly everyHour: boolean;
  readonly #periodMs: number;
  readonly #firstMs: number;

  /**
   * @param minutes - must divide 1440
   * @param anchor - minutes after midnight
   * @throws {@link TunasyncError} `SCHEDULE_RULE_INVALID`
   */
  constructor(minutes: number, anchor: number) {
    if (!Number.isInteger(minutes) || minutes < 1 || 1440 % minutes !== 0) {
      throw new TunasyncError(
        'SCHEDULE_RULE_INVALID',
        `expected a fixed-rate interval that divides a day (1440 minutes), found ${minutes} minutes`,
      );
    }
    if (!Number.isInteger(anchor) || anchor < 0 || anchor >= 1440) {
      throw new TunasyncError(
        'SCHEDULE_RULE_INVALID',
        `expected a fixed-rate anchor of 0 to 1439 minutes after midnight, found ${anchor}`,
      );
    }
    this.everyHour = minutes <= 60;
    this.#periodMs = minutes * 60_000;
    this.#firstMs = (anchor % minutes) * 60_000;
  }

  next(wall: number): number {
    const midnight = Math.floor(wall / dayMs) * dayMs;
    const slot = Math.max(0, Math.ceil((wall - midnight - this.#firstMs) / this.#periodMs));
    return midnight + this.#firstMs + slot * this.#periodMs;
  }
}

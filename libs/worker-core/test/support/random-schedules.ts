import type { MirrorConfig } from '@tunasync/config';
import { parseBlackout, parseCron } from '@tunasync/scheduler';
import type { WallTime, WallWindow } from '@tunasync/test-utils';
import { mirrorOf } from './mirror.js';

/** Numbers from 0 up to 1 that a seed decides. Source: mulberry32, https://gist.github.com/tommyettinger/46a874533244883189143505d203312c */
export function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A mirror, and what an oracle that cannot read configurations has to know of it. */
export interface ScheduledMirror {
  config: MirrorConfig;
  zone: string;
  /** Undefined: by interval. */
  isTime: ((time: WallTime) => boolean) | undefined;
  /** Whether a time that is shown twice counts once, and one that is left out counts. */
  once: boolean;
  windows: WallWindow[];
}

const zones = [
  'UTC',
  'Asia/Kolkata',
  'Asia/Shanghai',
  'Europe/Berlin',
  'Europe/Berlin',
  'America/New_York',
  'Australia/Lord_Howe',
] as const;

const dayNames = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

/** Mirrors with schedules of all kinds, many of them in the hours in which clocks are changed. */
export class RandomSchedules {
  readonly #random: () => number;

  constructor(random: () => number) {
    this.#random = random;
  }

  mirror(name: string): ScheduledMirror {
    const zone = this.#oneOf(zones);
    const { schedule, isTime, once } = this.#schedule(zone);
    const windows = this.#windows();
    const blackout = windows.map(({ from, to, days }) =>
      parseBlackout(`${clockText(from)}-${clockText(to)} ${days.map((day) => dayNames[day]).join()}`),
    );
    const jitterMinutes = this.#random() < 0.25 ? this.#number(1, 30) : 0;
    const config = mirrorOf(name, { schedule, timezone: zone, blackout, jitterMinutes });
    return { config, zone, isTime, once, windows };
  }

  #schedule(zone: string): Pick<ScheduledMirror, 'isTime' | 'once'> & Pick<MirrorConfig, 'schedule'> {
    const kind = this.#random();
    if (kind < 0.2) {
      const minutes = this.#number(90, 1440);
      return { schedule: { kind: 'interval', minutes }, isTime: undefined, once: false };
    }
    return kind < 0.7 ? this.#cron(zone) : this.#fixedRate(zone);
  }

  #fixedRate(timezone: string) {
    const minutes = this.#oneOf([60, 240, 360, 480, 720, 720, 1440, 1440]);
    const anchor = this.#number(0, 1439);
    return {
      schedule: { kind: 'fixed-rate', minutes, anchor, timezone } as const,
      isTime: ({ hour, minute }: WallTime) => (hour * 60 + minute + 1440 - anchor) % minutes === 0,
      once: minutes > 60,
    };
  }

  #cron(zone: string) {
    const minutes = this.#some(0, 59, 2);
    const everyHour = this.#random() < 0.1;
    // the hours in which clocks are changed come up more often
    const hours = this.#random() < 0.5 ? this.#some(0, 4, 2) : this.#some(0, 23, 4);
    const weekdays = this.#random() < 0.3 ? this.#some(0, 6, 4) : undefined;
    const dates = this.#random() < 0.1 ? this.#some(1, 31, 4) : undefined;
    const hourText = everyHour ? '*' : hours.join();
    const text = `${minutes.join()} ${hourText} ${dates?.join() ?? '*'} * ${weekdays?.join() ?? '*'}`;
    const isDay = ({ dayOfMonth, weekday }: WallTime): boolean => {
      const [onDate, onWeekday] = [dates?.includes(dayOfMonth), weekdays?.includes(weekday)];
      return onDate === undefined ? onWeekday !== false : onDate || onWeekday === true;
    };
    return {
      schedule: parseCron(this.#random() < 0.2 ? `0 ${text}` : text, zone),
      isTime: (time: WallTime) =>
        minutes.includes(time.minute) && (everyHour || hours.includes(time.hour)) && isDay(time),
      once: !everyHour,
    };
  }

  #windows(): WallWindow[] {
    return Array.from({ length: Math.max(0, this.#number(-1, 2)) }, () => {
      const from = this.#random() < 0.5 ? this.#number(0, 240) : this.#number(0, 1439);
      const to = (from + this.#number(15, 600)) % 1440;
      const days = this.#random() < 0.4 ? this.#some(0, 6, 5) : [0, 1, 2, 3, 4, 5, 6];
      return { from, to, days };
    });
  }

  /** Both ends included. */
  #number(from: number, to: number): number {
    return from + Math.floor(this.#random() * (to - from + 1));
  }

  #oneOf<T>(values: readonly [T, ...T[]] | readonly T[]): T {
    const value = values[Math.floor(this.#random() * values.length)];
    if (value === undefined) throw new RangeError('there is nothing to choose from');
    return value;
  }

  /** Up to `count` different numbers, at least one. */
  #some(from: number, to: number, count: number): number[] {
    return [...new Set(Array.from({ length: this.#number(1, count) }, () => this.#number(from, to)))];
  }
}

function clockText(minutes: number): string {
  const two = (value: number): string => `${value}`.padStart(2, '0');
  return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

import type { ParsedTime } from '@tunasync/protocol';
import { layoutTokens } from './go-layout.js';

const months = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];
const days = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

/** The layout in which Go prints a time. Source: `time.Time.String`. */
const defaultLayout = '2006-01-02 15:04:05.999999999 -0700 MST';

const pad = (value: number, width: number): string => String(value).padStart(width, '0');

/** An instant with a fixed offset that is formatted like Go's `time.Time`. */
export class GoTime {
  readonly #time: ParsedTime;
  /** The instant shifted by its offset, so that its UTC getters return the wall clock. */
  readonly #wall: Date;

  constructor(time: ParsedTime) {
    this.#time = time;
    this.#wall = new Date((time.unixSeconds + time.offsetMinutes * 60) * 1000);
  }

  /** Seconds since the Unix epoch. */
  unix(): number {
    return this.#time.unixSeconds;
  }

  /** Formats the time as `2026-11-23 17:21:52 +0000 UTC`. */
  toString(): string {
    return this.format(defaultLayout);
  }

  /** Formats the time by a layout of Go: the text of Monday, January 2, 15:04:05.0 2006 -0700. */
  format(layout: string): string {
    return layoutTokens(layout)
      .map((token) => ('text' in token ? token.text : this.#part(token.std)))
      .join('');
  }

  #part(std: string): string {
    const wall = this.#wall;
    const hour = wall.getUTCHours();
    const hour12 = hour % 12 === 0 ? 12 : hour % 12;
    switch (std) {
      case 'January':
        return months[wall.getUTCMonth()] ?? '';
      case 'Jan':
        return (months[wall.getUTCMonth()] ?? '').slice(0, 3);
      case '01':
        return pad(wall.getUTCMonth() + 1, 2);
      case '1':
        return String(wall.getUTCMonth() + 1);
      case 'Monday':
        return days[wall.getUTCDay()] ?? '';
      case 'Mon':
        return (days[wall.getUTCDay()] ?? '').slice(0, 3);
      case '02':
        return pad(wall.getUTCDate(), 2);
      case '_2':
        return String(wall.getUTCDate()).padStart(2);
      case '2':
        return String(wall.getUTCDate());
      case '002':
        return pad(this.#yearDay(), 3);
      case '__2':
        return String(this.#yearDay()).padStart(3);
      case '2006':
        return pad(wall.getUTCFullYear(), 4);
      case '06':
        return pad(wall.getUTCFullYear() % 100, 2);
      case '15':
        return pad(hour, 2);
      case '03':
        return pad(hour12, 2);
      case '3':
        return String(hour12);
      case '04':
        return pad(wall.getUTCMinutes(), 2);
      case '4':
        return String(wall.getUTCMinutes());
      case '05':
        return pad(wall.getUTCSeconds(), 2);
      case '5':
        return String(wall.getUTCSeconds());
      case 'PM':
        return hour >= 12 ? 'PM' : 'AM';
      case 'pm':
        return hour >= 12 ? 'pm' : 'am';
      case 'MST':
        return this.#zoneName();
      default:
        return /^[.,]/.test(std) ? this.#fraction(std) : this.#offset(std);
    }
  }

  #yearDay(): number {
    const newYear = new Date(this.#wall);
    newYear.setUTCMonth(0, 1);
    return Math.round((this.#wall.getTime() - newYear.getTime()) / 86_400_000) + 1;
  }

  /** Returns the shortest offset, for a zone without a name. */
  #zoneName(): string {
    const { offsetMinutes } = this.#time;
    return offsetMinutes === 0 ? 'UTC' : this.#offset('-0700');
  }

  #fraction(std: string): string {
    const digits = pad(this.#time.nanoseconds, 9).slice(0, std.length - 1);
    if (!std.endsWith('9')) return `${std.charAt(0)}${digits.padEnd(std.length - 1, '0')}`;
    const trimmed = digits.replace(/0+$/, '');
    return trimmed === '' ? '' : `${std.charAt(0)}${trimmed}`;
  }

  #offset(std: string): string {
    const { offsetMinutes } = this.#time;
    if (std.startsWith('Z') && offsetMinutes === 0) return 'Z';
    const colon = std.includes(':') ? ':' : '';
    const minutes = Math.abs(offsetMinutes);
    const parts = [pad(Math.floor(minutes / 60), 2), pad(minutes % 60, 2), '00'];
    // `-07` has two digits, `-0700` and `-07:00` have four, the others six
    const count = std.replace(/\D/g, '').length / 2;
    return `${offsetMinutes < 0 ? '-' : '+'}${parts.slice(0, count).join(colon)}`;
  }
}

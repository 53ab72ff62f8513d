import { TunasyncError } from './errors.js';

/**
 * A time on the wire: RFC 3339 with an optional fraction of up to nine digits, and an offset or `Z`.
 *
 * It stays text, so that nanoseconds and offset are stored and returned unchanged.
 */
export type WireTime = string;

/** "Never" on the wire and in the store (the zero value of Go's `time.Time`). */
export const zeroTime: WireTime = '0001-01-01T00:00:00Z';

/** Unix seconds of {@link zeroTime}, as status pages read them. */
export const zeroTimeUnix = -62_135_596_800;

const rfc3339 =
  /^(\d{4})-(\d{2})-(\d{2})[Tt](\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?(?:([Zz])|([+-])(\d{2}):(\d{2}))$/;

/** The parts of a {@link WireTime} that the two text forms and comparisons need. */
export interface ParsedTime {
  /** Unix seconds, rounded down. */
  unixSeconds: number;
  /** Fraction of the second in nanoseconds, 0 to 999,999,999. */
  nanoseconds: number;
  /** Offset from UTC in minutes, east is positive. */
  offsetMinutes: number;
}

/** Parses `text`. Undefined if it is not an RFC 3339 time, or its date does not exist. */
export function tryParseTime(text: string): ParsedTime | undefined {
  // most times in reports of v0.10 have this value
  if (text === zeroTime) return { unixSeconds: zeroTimeUnix, nanoseconds: 0, offsetMinutes: 0 };
  const match = rfc3339.exec(text);
  if (match === null) return undefined;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined;
  const offsetHours = Number(match[10] ?? 0);
  const offsetRest = Number(match[11] ?? 0);
  if (offsetHours > 23 || offsetRest > 59) return undefined;
  const offsetMinutes = (match[9] === '-' ? -1 : 1) * (offsetHours * 60 + offsetRest);
  return {
    unixSeconds: date.getTime() / 1000 + hour * 3600 + minute * 60 + second - offsetMinutes * 60,
    nanoseconds: Number((match[7] ?? '').padEnd(9, '0')),
    offsetMinutes: offsetMinutes === 0 ? 0 : offsetMinutes,
  };
}

/** Parses `text`. @throws {@link TunasyncError} `TIME_INVALID` if it is not a {@link WireTime}. */
export function parseTime(text: WireTime): ParsedTime {
  const parsed = tryParseTime(text);
  if (parsed === undefined) {
    throw new TunasyncError('TIME_INVALID', `'${text}' is not a time such as 2026-11-23T17:21:52.4Z`, {
      status: 400,
    });
  }
  return parsed;
}

/** Whether `time` is {@link zeroTime}, in whatever offset it is written. */
export function isZeroTime(time: WireTime): boolean {
  return time === zeroTime || toUnixMillis(time) === zeroTimeUnix * 1000;
}

/** Milliseconds since the Unix epoch, rounded down. */
export function toUnixMillis(time: WireTime): number {
  const { unixSeconds, nanoseconds } = parseTime(time);
  return unixSeconds * 1000 + Math.floor(nanoseconds / 1e6);
}

/** Seconds since the Unix epoch, rounded down, for the fields `<name>_ts`. */
export function toUnixSeconds(time: WireTime): number {
  return parseTime(time).unixSeconds;
}

const pad = (value: number, width = 2): string => String(value).padStart(width, '0');

function offsetText(offsetMinutes: number, separator: string): string {
  const rest = Math.abs(offsetMinutes);
  return `${offsetMinutes < 0 ? '-' : '+'}${pad(Math.trunc(rest / 60))}${separator}${pad(rest % 60)}`;
}

/** `date` and `time` of day of `unixMillis` at an offset. */
function wallClock(unixMillis: number, offsetMinutes: number): { date: string; time: string } {
  const shifted = new Date(unixMillis + offsetMinutes * 60_000);
  return {
    date: `${pad(shifted.getUTCFullYear(), 4)}-${pad(shifted.getUTCMonth() + 1)}-${pad(shifted.getUTCDate())}`,
    time: `${pad(shifted.getUTCHours())}:${pad(shifted.getUTCMinutes())}:${pad(shifted.getUTCSeconds())}`,
  };
}

/** This machine's offset from UTC at `unixMillis`, in minutes, east is positive. */
export function localOffsetMinutes(unixMillis: number): number {
  const offset = -new Date(unixMillis).getTimezoneOffset();
  return offset === 0 ? 0 : offset;
}

/**
 * The {@link WireTime} of an instant, with milliseconds.
 *
 * @param unixMillis - milliseconds since the Unix epoch
 * @param offsetMinutes - the offset to write it in. Defaults to this machine's own.
 */
export function toWireTime(unixMillis: number, offsetMinutes = localOffsetMinutes(unixMillis)): WireTime {
  const { date, time } = wallClock(unixMillis, offsetMinutes);
  const millis = ((unixMillis % 1000) + 1000) % 1000;
  const fraction = millis === 0 ? '' : `.${pad(Math.floor(millis), 3).replace(/0+$/, '')}`;
  return `${date}T${time}${fraction}${offsetMinutes === 0 ? 'Z' : offsetText(offsetMinutes, ':')}`;
}

/** The text form of `GET /jobs`: `YYYY-MM-DD hh:mm:ss ±hhmm`, in the offset that `time` is written in. */
export function toWebTime(time: WireTime): string {
  const { unixSeconds, offsetMinutes } = parseTime(time);
  const wall = wallClock(unixSeconds * 1000, offsetMinutes);
  return `${wall.date} ${wall.time} ${offsetText(offsetMinutes, '')}`;
}

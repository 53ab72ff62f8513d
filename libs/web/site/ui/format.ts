/** Milliseconds since the Unix epoch; undefined for the zero time, which means never. */
export function millisOf(time: string | undefined): number | undefined {
  if (time === undefined) return undefined;
  const millis = Date.parse(time);
  return Number.isNaN(millis) || millis <= 0 ? undefined : millis;
}

/** Seconds between two times; undefined if either is unknown, or if they are in the wrong order. */
export function secondsBetween(from: string, to: string): number | undefined {
  const start = millisOf(from);
  const end = millisOf(to);
  return start === undefined || end === undefined || end < start ? undefined : (end - start) / 1000;
}

const steps: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 31_557_600],
  ['month', 2_629_800],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
];

/** A relative time such as `3 hours ago` or `in 5 minutes`. */
export function relativeTime(millis: number, now: number, locale: string): string {
  const seconds = (millis - now) / 1000;
  const [unit, size] = steps.find(([, size]) => Math.abs(seconds) >= size) ?? ['second', 1];
  return formatterOf(locale).relative.format(Math.trunc(seconds / size), unit);
}

/** Date and time in full. */
export function absoluteTime(millis: number, locale: string): string {
  return formatterOf(locale).absolute.format(millis);
}

/** The time of a day. */
export function clockTime(millis: number, locale: string): string {
  return formatterOf(locale).clock.format(millis);
}

/** Day and time in a short form, such as `Tue 24 Nov, 15:02`. */
export function dayTime(millis: number, locale: string): string {
  return formatterOf(locale).dayTime.format(millis);
}

/** Weekday and day, such as `Tue 24`. */
export function dayName(millis: number, locale: string): string {
  return formatterOf(locale).dayName.format(millis);
}

/** A duration in its two largest units, such as `3 h 12 min`. */
export function duration(seconds: number, locale: string): string {
  const whole = Math.max(0, Math.round(seconds));
  const parts: [number, 'day' | 'hour' | 'minute' | 'second'][] = [
    [Math.floor(whole / 86_400), 'day'],
    [Math.floor((whole % 86_400) / 3600), 'hour'],
    [Math.floor((whole % 3600) / 60), 'minute'],
    [whole % 60, 'second'],
  ];
  const first = parts.findIndex(([count]) => count > 0);
  const shown = first === -1 ? parts.slice(-1) : parts.slice(first, first + 2).filter(([count]) => count > 0);
  return shown.map(([count, unit]) => formatterOf(locale)[unit].format(count)).join(' ');
}

const byteUnits = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];

/** A size such as `1.33 TiB`. */
export function bytes(count: number, locale: string): string {
  let value = count;
  let unit = 0;
  while (value >= 1024 && unit < byteUnits.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${formatterOf(locale).number.format(Number(value.toPrecision(3)))} ${byteUnits[unit] ?? ''}`;
}

/** A whole number. */
export function count(value: number, locale: string): string {
  return formatterOf(locale).number.format(value);
}

interface Formatters {
  relative: Intl.RelativeTimeFormat;
  absolute: Intl.DateTimeFormat;
  clock: Intl.DateTimeFormat;
  dayTime: Intl.DateTimeFormat;
  dayName: Intl.DateTimeFormat;
  number: Intl.NumberFormat;
  day: Pick<Intl.NumberFormat, 'format'>;
  hour: Pick<Intl.NumberFormat, 'format'>;
  minute: Pick<Intl.NumberFormat, 'format'>;
  second: Pick<Intl.NumberFormat, 'format'>;
}

/** Short English units; `hr` and `sec` would make columns wide. */
const unitSymbols = { day: 'd', hour: 'h', minute: 'min', second: 's' };

/** Formatters are slow to create, so they are cached. */
const formatters = new Map<string, Formatters>();

function formatterOf(locale: string): Formatters {
  let known = formatters.get(locale);
  if (known === undefined) {
    const unit = (unit: keyof typeof unitSymbols): Pick<Intl.NumberFormat, 'format'> =>
      locale.startsWith('en')
        ? { format: (value) => `${value} ${unitSymbols[unit]}` }
        : new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'short' });
    known = {
      relative: new Intl.RelativeTimeFormat(locale, { numeric: 'always' }),
      absolute: new Intl.DateTimeFormat(locale, {
        dateStyle: 'medium',
        timeStyle: 'medium',
        hourCycle: 'h23',
      }),
      clock: new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }),
      dayTime: new Intl.DateTimeFormat(locale, {
        weekday: 'short',
        day: 'numeric',
        month: 'short',
        hour: '2-digit',
        minute: '2-digit',
        hourCycle: 'h23',
      }),
      dayName: new Intl.DateTimeFormat(locale, { weekday: 'short', day: 'numeric' }),
      number: new Intl.NumberFormat(locale),
      day: unit('day'),
      hour: unit('hour'),
      minute: unit('minute'),
      second: unit('second'),
    };
    formatters.set(locale, known);
  }
  return known;
}

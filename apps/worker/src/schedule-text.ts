import type { MirrorConfig } from '@tunasync/config';

type Schedule = Pick<MirrorConfig, 'schedule' | 'blackout' | 'timezone' | 'jitterMinutes'>;
type BlackoutWindow = MirrorConfig['blackout'][number];

const dayNames = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const day = 24 * 60;

/** Describes a mirror's schedule in words, such as `every 4 hours after the end of the last sync`. */
export function scheduleText({ schedule, blackout, timezone, jitterMinutes }: Schedule): string {
  const parts = [ruleText(schedule)];
  if (blackout.length > 0) parts.push(`never within ${blackout.map(windowText).join(', ')} (${timezone})`);
  if (jitterMinutes > 0) parts.push(`put off by up to ${spanText(jitterMinutes)}`);
  return parts.join('; ');
}

function ruleText(rule: Schedule['schedule']): string {
  switch (rule.kind) {
    case 'interval':
      return `every ${spanText(rule.minutes)} after the end of the last sync`;
    case 'cron':
      return `cron ${rule.expression} (${rule.timezone})`;
    case 'fixed-rate':
      return `every ${spanText(rule.minutes)} by the clock, at ${timeText(rule.anchor)} and so on (${rule.timezone})`;
  }
}

/** Returns a duration in the largest unit that gives a whole number: `day`, `90 minutes`, `4 hours`. */
function spanText(minutes: number): string {
  const [count, unit] =
    minutes % day === 0
      ? [minutes / day, 'day']
      : minutes % 60 === 0
        ? [minutes / 60, 'hour']
        : [minutes, 'minute'];
  return count === 1 ? unit : `${count} ${unit}s`;
}

function timeText(minutes: number): string {
  const digits = (part: number): string => String(part).padStart(2, '0');
  return `${digits(Math.floor(minutes / 60))}:${digits(minutes % 60)}`;
}

function windowText({ from, to, days }: BlackoutWindow): string {
  const names = days.length === 7 ? [] : [days.map((number) => dayNames[number] ?? '').join('+')];
  return [`${timeText(from)}-${timeText(to)}`, ...names].join(' ');
}

import { TunasyncError } from '@tunasync/protocol';
import { checkBlackout, isTimezone, parseBlackout, parseCron, parseTimeOfDay } from '@tunasync/scheduler';
import { checkedText, checkedTexts, integer, key, longest, size } from '../document/key.js';
import { nearest } from '../document/nearest.js';

/** Zone of `cron`, `fixed-rate` and `blackout` where the files say nothing. */
export const defaultTimezone = 'UTC';
/** Priority where the files say nothing. */
export const defaultPriority = 50;
/** Seconds before the second attempt where the files say nothing. */
export const defaultRetryDelay = 30;
/** Most seconds before any further attempt where the files say nothing. */
export const defaultRetryDelayMax = 900;

const modes = ['fixed-delay', 'fixed-rate'] as const;

/**
 * The keys that say when a mirror syncs, the same in `[global]` and in a mirror. Texts are kept as written: a reload
 * reads the values in force again.
 *
 * @param level - whose defaults the documentation shows
 */
export function scheduleKeys(level: 'global' | 'mirror') {
  const or = (name: string, value: string): string => (level === 'global' ? value : `\`global.${name}\``);
  return {
    timezone: key(checkedText(checkTimezone), {
      type: 'IANA name',
      default: or('timezone', defaultTimezone),
      description: 'Time zone of `cron`, `fixed_rate_anchor` and `blackout`, such as `Asia/Shanghai`.',
    }),
    cron: key(
      checkedText((text) => {
        parseCron(text, defaultTimezone);
      }),
      {
        type: 'cron expression',
        default: or('cron', 'none'),
        description:
          'When to sync, instead of `interval`: minute, hour, day, month, day of the week; with 6 or 7 fields the first are seconds and the seventh is the year. A time that was missed is not caught up with.',
      },
    ),
    interval_mode: key(checkedText(checkMode), {
      type: '`fixed-delay` or `fixed-rate`',
      default: or('interval_mode', '`fixed-delay`'),
      description:
        '`fixed-delay`: `interval` counts from the end of a sync. `fixed-rate`: syncs start at fixed times of the day; `interval` divides 1440, and a time that was missed is skipped.',
    }),
    fixed_rate_anchor: key(
      checkedText((text) => {
        parseTimeOfDay(text);
      }),
      {
        type: '`HH:MM`',
        default: or('fixed_rate_anchor', '00:00'),
        description: 'One of the times of the day at which syncs start with `fixed-rate`.',
      },
    ),
    blackout: key(checkedTexts(parseBlackout, checkBlackout), {
      type: 'string[]',
      default: or('blackout', 'none'),
      description:
        'Times in which nothing starts, such as `"08:00-18:00 Mon-Fri"` or `"22:00-02:00"`; what runs goes on. Names of days: `Mon`, `Mon-Fri`, `Sat-Sun`, `daily`.',
    }),
    jitter: key(integer(0, longest.minutes, 'minutes'), {
      type: 'integer (minutes)',
      default: or('jitter', '0: none'),
      description: 'A start is put off by a random time of at most so long. 0 counts as absent.',
    }),
    priority: key(integer(0, 100), {
      type: 'integer (0 to 100)',
      default: or('priority', String(defaultPriority)),
      description: 'Of the mirrors that wait for a free slot, the one with the highest goes first.',
    }),
    disk_quota: key(size(), {
      type: 'bytes, or a size such as `100G`',
      default: or('disk_quota', '0: none'),
      description:
        "No sync starts while less is free in the file system of the mirror's folder. Units are powers of 1024. 0 counts as absent.",
    }),
    retry_delay: key(integer(0, longest.seconds, 'seconds'), {
      type: 'integer (seconds)',
      default: or('retry_delay', `${defaultRetryDelay}, or \`retry_delay_max\` when that is less`),
      description:
        'Pause after the first failed attempt of a run; it doubles with each further one. 0 counts as absent.',
    }),
    retry_delay_max: key(integer(0, longest.seconds, 'seconds'), {
      type: 'integer (seconds)',
      default: or('retry_delay_max', `${defaultRetryDelayMax}, or \`retry_delay\` when that is more`),
      description: 'Longest pause between two attempts of a run. 0 counts as absent.',
    }),
    failure_interval: key(integer(0, longest.minutes, 'minutes'), {
      type: 'integer (minutes)',
      default: or('failure_interval', '0: as after a success'),
      description: 'From the end of a run whose last attempt failed to the next run. 0 counts as absent.',
    }),
    stale_after: key(integer(0, longest.minutes, 'minutes'), {
      type: 'integer (minutes)',
      default: or(
        'stale_after',
        'three intervals; with `cron` three times the longest time between two starts',
      ),
      description: 'A mirror without a success for so long is shown as stale. 0 counts as absent.',
    }),
    log_max_size: key(size(), {
      type: 'bytes, or a size such as `64M`',
      default: or('log_max_size', '0: all'),
      description:
        'How much of one log is kept: of a longer one the middle is cut out. Units are powers of 1024. 0 counts as absent.',
    }),
  };
}

/** Keys of a mirror and of `[global]` that other versions have. */
export const laterMirrorKeys = [
  'check_upstream',
  'upstream_fallback',
  'atomic_publish',
  'staging_dir',
] as const;

function checkTimezone(name: string): void {
  if (isTimezone(name)) return;
  const near = nearest(name, Intl.supportedValuesOf('timeZone'));
  throw new TunasyncError(
    'TIMEZONE_UNKNOWN',
    `unknown time zone '${name}', expected a name such as "Asia/Shanghai"${near === undefined ? '' : `; did you mean "${near}"?`}`,
  );
}

function checkMode(mode: string): void {
  if (modes.some((known) => known === mode)) return;
  throw new TunasyncError('INTERVAL_MODE_UNKNOWN', `expected "fixed-delay" or "fixed-rate", found '${mode}'`);
}

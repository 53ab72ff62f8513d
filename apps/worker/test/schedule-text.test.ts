import { describe, expect, test } from '@jest/globals';
import { plainMirror } from '@tunasync/test-utils';
import { scheduleText } from '../src/schedule-text.js';

const zone = 'Asia/Shanghai';

describe('a schedule in words', () => {
  test.each([
    [1, 'every minute after the end of the last sync'],
    [90, 'every 90 minutes after the end of the last sync'],
    [60, 'every hour after the end of the last sync'],
    [240, 'every 4 hours after the end of the last sync'],
    [1440, 'every day after the end of the last sync'],
    [10_080, 'every 7 days after the end of the last sync'],
  ])('an interval of %d minutes is shown in the largest unit', (minutes, text) => {
    expect(scheduleText({ ...plainMirror, schedule: { kind: 'interval', minutes } })).toBe(text);
  });

  test('cron expressions and times of day are shown with their time zone', () => {
    const cron = { kind: 'cron', expression: '0 3 * * Mon', timezone: zone } as const;
    expect(scheduleText({ ...plainMirror, schedule: cron })).toBe('cron 0 3 * * Mon (Asia/Shanghai)');
    const fixed = { kind: 'fixed-rate', minutes: 360, anchor: 5 * 60 + 7, timezone: zone } as const;
    expect(scheduleText({ ...plainMirror, schedule: fixed })).toBe(
      'every 6 hours by the clock, at 05:07 and so on (Asia/Shanghai)',
    );
  });

  test('blackouts and jitter are shown', () => {
    expect(
      scheduleText({
        ...plainMirror,
        timezone: zone,
        jitterMinutes: 30,
        blackout: [
          { from: 23 * 60, to: 90, days: [0, 1, 2, 3, 4, 5, 6] },
          { from: 0, to: 0, days: [6, 0] },
        ],
      }),
    ).toBe(
      'every hour after the end of the last sync; never within 23:00-01:30, 00:00-00:00 Sat+Sun (Asia/Shanghai); put off by up to 30 minutes',
    );
  });
});

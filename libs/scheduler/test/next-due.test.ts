import { describe, expect, test } from '@jest/globals';
import { nextDue, parseCron, withJitter, type ScheduleRule } from '../src/index.js';

/** The next times of a rule after an instant, in UTC without the seconds. */
function dues(rule: ScheduleRule, after: string, count: number): string[] {
  let now = Date.parse(after);
  return Array.from({ length: count }, () => {
    now = nextDue(rule, now);
    return new Date(now).toISOString().replace(':00.000Z', '');
  });
}

describe('an interval', () => {
  test.each([
    { minutes: 1, due: '2026-11-23T12:01:00.250Z' },
    { minutes: 1440, due: '2026-11-24T12:00:00.250Z' },
    { minutes: 0, due: '2026-11-23T12:00:00.250Z' },
  ])('of $minutes minutes counts from the end of a sync', ({ minutes, due }) => {
    const end = Date.parse('2026-11-23T12:00:00.250Z');
    expect(new Date(nextDue({ kind: 'interval', minutes }, end)).toISOString()).toBe(due);
  });
});

describe('cron', () => {
  test('is due strictly after now, and catches nothing up', () => {
    const rule = parseCron('30 4 * * *', 'UTC');
    expect(dues(rule, '2026-11-23T04:29:59.999Z', 1)).toEqual(['2026-11-23T04:30']);
    expect(dues(rule, '2026-11-23T04:30:00.000Z', 1)).toEqual(['2026-11-24T04:30']);
    expect(dues(rule, '2026-11-23T04:30:00.001Z', 1)).toEqual(['2026-11-24T04:30']);
    expect(dues(rule, '2026-12-30T23:00:00.000Z', 2)).toEqual(['2026-12-31T04:30', '2027-01-01T04:30']);
  });

  test.each([
    { zone: 'Asia/Kolkata', due: ['2026-03-28T22:30', '2026-03-29T22:30'] },
    { zone: 'Europe/Berlin', due: ['2026-03-28T03:00', '2026-03-29T02:00', '2026-03-30T02:00'] },
    { zone: 'Pacific/Kiritimati', due: ['2026-03-28T14:00', '2026-03-29T14:00'] },
  ])('goes by the wall clock of its zone: $zone', ({ zone, due }) => {
    expect(dues(parseCron('0 4 * * *', zone), '2026-03-28T00:00:00Z', due.length)).toEqual(due);
  });

  // each of these is what a person reads in a calendar of the year
  test.each([
    ['0 0 29 2 *', ['2028-02-29T00:00', '2032-02-29T00:00']],
    ['0 0 L * *', ['2026-11-30T00:00', '2026-12-31T00:00']],
    ['0 0 15,L 2 *', ['2027-02-15T00:00', '2027-02-28T00:00', '2028-02-15T00:00', '2028-02-29T00:00']],
    ['0 12 * * 5L', ['2026-11-27T12:00', '2026-12-25T12:00']],
    ['0 12 * * MON#2', ['2026-12-14T12:00', '2027-01-11T12:00']],
    ['0 12 * * 7', ['2026-11-29T12:00', '2026-12-06T12:00']],
    ['0 12 13 * FRI', ['2026-11-27T12:00', '2026-12-04T12:00', '2026-12-11T12:00', '2026-12-13T12:00']],
    ['0 12 ? JAN MON-WED/2', ['2027-01-04T12:00', '2027-01-06T12:00', '2027-01-11T12:00']],
    ['*/20 22-23 * * *', ['2026-11-23T22:00', '2026-11-23T22:20', '2026-11-23T22:40', '2026-11-23T23:00']],
    ['30 0 12 * * *', ['2026-11-23T12:00:30.000Z', '2026-11-24T12:00:30.000Z']],
    ['0 0 12 1 1 * 2028-2030/2', ['2028-01-01T12:00', '2030-01-01T12:00']],
    ['0 0 12 1 1 * *', ['2027-01-01T12:00', '2028-01-01T12:00']],
    ['0 0 12 1 1 * 2040,2027', ['2027-01-01T12:00', '2040-01-01T12:00']],
    ['@weekly', ['2026-11-29T00:00', '2026-12-06T00:00']],
  ])('%s', (expression, expected) => {
    expect(dues(parseCron(expression, 'UTC'), '2026-11-23T11:00:00Z', expected.length)).toEqual(expected);
  });

  test('never again is 0', () => {
    const rule = parseCron('0 0 12 24 12 * 2026', 'UTC');
    expect(dues(rule, '2026-11-23T11:00:00Z', 1)).toEqual(['2026-12-24T12:00']);
    expect(nextDue(rule, Date.parse('2026-12-24T12:00:00Z'))).toBe(0);
    expect(nextDue(parseCron('* * * * * * 2026', 'UTC'), Date.parse('2026-12-31T23:59:59.5Z'))).toBe(0);
  });

  test.each([
    ['', 'expected 5 fields'],
    ['* * * *', 'expected 5 fields'],
    ['* * * * * * * *', 'expected 5 fields'],
    ['@reboot', "cannot read the cron expression '@reboot'"],
    ['60 * * * *', 'got value 60 expected range 0-59'],
    ['0 24 * * *', 'got value 24 expected range 0-23'],
    ['0 0 30 2 *', 'Invalid explicit day of month'],
    ['0 0 31 4,6,9 *', 'no date fits it'],
    ['0 0 0 29 2 * 2027', 'no date fits it'],
    ['0 0 * * L', "expected a weekday before L, found 'L'"],
    ['0 0 0 1 1 * 1969', "expected years from 1970 to 2199, found '1969'"],
    ['0 0 0 1 1 * 2030-2029', "found '2030-2029'"],
    ['0 0 0 1 1 * 2030/0', 'expected a step of at least 1'],
    ['0 0 0 1 1 * next', "found 'next'"],
    ['every day', 'expected 5 fields'],
  ])("'%s' is refused", (expression, why) => {
    const parse = (): unknown => parseCron(expression, 'UTC');
    expect(parse).toThrow(expect.objectContaining({ code: 'SCHEDULE_CRON_INVALID' }));
    expect(parse).toThrow(why);
  });

  test('an unknown zone is refused', () => {
    expect(() => parseCron('0 0 * * *', 'Europe/Atlantis')).toThrow(
      expect.objectContaining({
        code: 'SCHEDULE_TIMEZONE_UNKNOWN',
        message: "expected the IANA name of a time zone such as 'Europe/Berlin', found 'Europe/Atlantis'",
      }),
    );
  });
});

describe('a fixed rate', () => {
  test('gives the slots of the day around its anchor, strictly after now', () => {
    const rule = { kind: 'fixed-rate', minutes: 360, anchor: 270, timezone: 'UTC' } as const;
    expect(dues(rule, '2026-11-23T00:00:00Z', 5)).toEqual([
      '2026-11-23T04:30',
      '2026-11-23T10:30',
      '2026-11-23T16:30',
      '2026-11-23T22:30',
      '2026-11-24T04:30',
    ]);
    expect(dues(rule, '2026-11-23T04:29:59.999Z', 1)).toEqual(['2026-11-23T04:30']);
  });

  test('an anchor late in the day has slots before it', () => {
    const rule = { kind: 'fixed-rate', minutes: 720, anchor: 1380, timezone: 'Asia/Kolkata' } as const;
    expect(dues(rule, '2026-11-23T00:00:00Z', 3)).toEqual([
      '2026-11-23T05:30',
      '2026-11-23T17:30',
      '2026-11-24T05:30',
    ]);
  });

  test.each([
    [7, 0, 'expected a fixed-rate interval that divides a day (1440 minutes), found 7 minutes'],
    [0, 0, 'expected a fixed-rate interval that divides a day (1440 minutes), found 0 minutes'],
    [60, 1440, 'expected a fixed-rate anchor of 0 to 1439 minutes after midnight, found 1440'],
  ])('%d minutes from minute %d: refused', (minutes, anchor, message) => {
    expect(() => nextDue({ kind: 'fixed-rate', minutes, anchor, timezone: 'UTC' }, 0)).toThrow(
      expect.objectContaining({ code: 'SCHEDULE_RULE_INVALID', message }),
    );
  });
});

/** A schedule of whole hours or longer: each time once on the day on which the clock is changed. */
describe('when the clock is set forward, a time that is left out', () => {
  test.each([
    ['30 2 * * *', 'Europe/Berlin', '2026-03-28T12:00:00Z', ['2026-03-29T01:00', '2026-03-30T00:30']],
    ['30 2 * * *', 'America/New_York', '2026-03-07T12:00:00Z', ['2026-03-08T07:00', '2026-03-09T06:30']],
    ['15 2 * * *', 'Australia/Lord_Howe', '2026-10-03T12:00:00Z', ['2026-10-03T15:30', '2026-10-04T15:15']],
    ['*/10 2 * * *', 'Europe/Berlin', '2026-03-28T12:00:00Z', ['2026-03-29T01:00', '2026-03-30T00:00']],
    ['30 2,3 * * *', 'Europe/Berlin', '2026-03-28T12:00:00Z', ['2026-03-29T01:00', '2026-03-29T01:30']],
    ['0 2,3 * * *', 'Europe/Berlin', '2026-03-28T12:00:00Z', ['2026-03-29T01:00', '2026-03-30T00:00']],
  ])('is due once, at that moment: %s in %s', (expression, zone, after, expected) => {
    expect(dues(parseCron(expression, zone), after, expected.length)).toEqual(expected);
  });

  test('is not made up for by a schedule that has times in every hour', () => {
    expect(dues(parseCron('30 * * * *', 'Europe/Berlin'), '2026-03-29T00:00:00Z', 3)).toEqual([
      '2026-03-29T00:30',
      '2026-03-29T01:30',
      '2026-03-29T02:30',
    ]);
    expect(
      dues(
        { kind: 'fixed-rate', minutes: 30, anchor: 10, timezone: 'Australia/Lord_Howe' },
        '2026-10-03T15:00:00Z',
        3,
      ),
    ).toEqual(['2026-10-03T15:10', '2026-10-03T15:40', '2026-10-03T16:10']);
  });
});

describe('when the clock is set back, a time that is shown twice', () => {
  test.each([
    ['30 2 * * *', 'Europe/Berlin', '2026-10-24T12:00:00Z', ['2026-10-25T00:30', '2026-10-26T01:30']],
    ['30 1 * * *', 'America/New_York', '2026-10-31T12:00:00Z', ['2026-11-01T05:30', '2026-11-02T06:30']],
    ['45 1 * * *', 'Australia/Lord_Howe', '2026-04-04T12:00:00Z', ['2026-04-04T14:45', '2026-04-05T15:15']],
    [
      '0,30 2,3 * * *',
      'Europe/Berlin',
      '2026-10-24T12:00:00Z',
      ['2026-10-25T00:00', '2026-10-25T00:30', '2026-10-25T02:00'],
    ],
  ])('counts the first time only: %s in %s', (expression, zone, after, expected) => {
    expect(dues(parseCron(expression, zone), after, expected.length)).toEqual(expected);
  });

  test('does not count when it is asked for in between', () => {
    expect(dues(parseCron('30 2 * * *', 'Europe/Berlin'), '2026-10-25T01:15:00Z', 1)).toEqual([
      '2026-10-26T01:30',
    ]);
  });

  test('the time at which it is set back is shown once only, at the end, and counts then', () => {
    // 2 o'clock summer time is 1 o'clock: 2 o'clock comes an hour later
    const rule = parseCron('0 2 * * *', 'America/New_York');
    for (const after of ['2026-11-01T05:59:59Z', '2026-11-01T06:00:00Z', '2026-11-01T06:59:59Z']) {
      expect([after, dues(rule, after, 1)]).toEqual([after, ['2026-11-01T07:00']]);
    }
  });

  test('counts twice for a schedule that has times in every hour', () => {
    expect(dues(parseCron('30 * * * *', 'Europe/Berlin'), '2026-10-25T00:00:00Z', 3)).toEqual([
      '2026-10-25T00:30',
      '2026-10-25T01:30',
      '2026-10-25T02:30',
    ]);
    expect(
      dues(
        { kind: 'fixed-rate', minutes: 60, anchor: 0, timezone: 'Europe/Berlin' },
        '2026-10-24T23:30:00Z',
        3,
      ),
    ).toEqual(['2026-10-25T00:00', '2026-10-25T01:00', '2026-10-25T02:00']);
  });
});

describe('jitter', () => {
  test('delays a start by up to the given minutes', () => {
    expect(withJitter(60_000, 10, () => 0)).toBe(60_000);
    expect(withJitter(60_000, 10, () => 0.5)).toBe(360_000);
    expect(withJitter(60_000, 10, () => 1 - Number.EPSILON)).toBe(659_999);
  });

  test('leaves a start alone when there is none, and never stays never', () => {
    expect(withJitter(60_000, 0, () => 0.5)).toBe(60_000);
    expect(withJitter(0, 10, () => 0.5)).toBe(0);
  });
});

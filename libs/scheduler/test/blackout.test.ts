import { describe, expect, test } from '@jest/globals';
import { blackoutEnd, checkBlackout, parseBlackout } from '../src/index.js';

const daily = [0, 1, 2, 3, 4, 5, 6];

describe('a window', () => {
  test.each([
    ['23:00-07:00', { from: 1380, to: 420, days: daily }],
    ['23:00-07:00 daily', { from: 1380, to: 420, days: daily }],
    ['08:00-18:30 Mon-Fri', { from: 480, to: 1110, days: [1, 2, 3, 4, 5] }],
    ['8:00 - 18:30 [Sat-Sun]', { from: 480, to: 1110, days: [0, 6] }],
    ['00:00-24:00 Mon', { from: 0, to: 1440, days: [1] }],
    ['01:00-02:00 wed,FRI-Monday', { from: 60, to: 120, days: [0, 1, 3, 5, 6] }],
    ['01:00-02:00 Sat, Sun', { from: 60, to: 120, days: [0, 6] }],
  ])('%s', (text, expected) => {
    expect(parseBlackout(text)).toEqual(expected);
  });

  test.each([
    '',
    '23:00',
    '23:00-',
    '24:00-07:00',
    '23:60-07:00',
    '23:00-25:00',
    '23:00-07:00 Foo',
    '23:00-07:00 Mon-',
    '23:00-07:00 Mon-Tue-Wed',
    'Mon-Fri',
    'at 23:00-07:00',
    '23-7',
    '23:00-07:00 M',
  ])("'%s' is refused", (text) => {
    expect(() => parseBlackout(text)).toThrow(
      expect.objectContaining({
        code: 'SCHEDULE_BLACKOUT_INVALID',
        message: `expected a blackout such as '23:00-07:00', '08:00-18:00 Mon-Fri' or '01:00-02:00 Sat,Sun', found '${text}'`,
      }),
    );
  });
});

/** The end of the blackout that an instant lies in; empty when it lies in none. */
function end(windows: readonly string[], zone: string, now: string): string {
  const found = blackoutEnd(windows.map(parseBlackout), zone, Date.parse(now));
  return found === undefined ? '' : new Date(found).toISOString();
}

describe('the end of a blackout', () => {
  test.each([
    // 2026-11-23 is a Monday
    [['23:00-07:00'], 'UTC', '2026-11-23T22:59:59.999Z', ''],
    [['23:00-07:00'], 'UTC', '2026-11-23T23:00:00.000Z', '2026-11-24T07:00:00.000Z'],
    [['23:00-07:00'], 'UTC', '2026-11-24T06:59:59.999Z', '2026-11-24T07:00:00.000Z'],
    [['23:00-07:00'], 'UTC', '2026-11-24T07:00:00.000Z', ''],
    // the day is that on which a window begins
    [['23:00-07:00 Mon'], 'UTC', '2026-11-24T03:00:00Z', '2026-11-24T07:00:00.000Z'],
    [['23:00-07:00 Mon'], 'UTC', '2026-11-23T03:00:00Z', ''],
    [['23:00-07:00 Sat'], 'UTC', '2026-11-29T03:00:00Z', '2026-11-29T07:00:00.000Z'],
    [['00:00-24:00 Mon-Fri'], 'UTC', '2026-11-23T03:00:00Z', '2026-11-28T00:00:00.000Z'],
    [['12:00-12:00 Mon'], 'UTC', '2026-11-23T13:00:00Z', '2026-11-24T12:00:00.000Z'],
    // those that overlap or touch are one, also round the end of the week
    [
      ['08:00-12:00', '12:00-13:00', '12:30-14:00'],
      'UTC',
      '2026-11-23T09:00:00Z',
      '2026-11-23T14:00:00.000Z',
    ],
    [['20:00-24:00 Sat', '00:00-06:00 Sun'], 'UTC', '2026-11-28T21:00:00Z', '2026-11-29T06:00:00.000Z'],
    [['00:00-24:00 Mon-Sat', '00:00-23:00 Sun'], 'UTC', '2026-11-25T12:00:00Z', '2026-11-29T23:00:00.000Z'],
    [['00:00-24:00 Tue-Sun', '06:00-24:00 Mon'], 'UTC', '2026-11-25T12:00:00Z', '2026-11-30T00:00:00.000Z'],
    // by the wall clock
    [['08:00-18:00'], 'Asia/Kolkata', '2026-11-23T02:30:00Z', '2026-11-23T12:30:00.000Z'],
    [['01:00-05:00'], 'Europe/Berlin', '2026-03-29T00:30:00Z', '2026-03-29T03:00:00.000Z'],
    [['01:00-05:00'], 'Europe/Berlin', '2026-10-25T00:30:00Z', '2026-10-25T04:00:00.000Z'],
    // it ends in what is left out, or begins in it
    [['01:00-02:30'], 'Europe/Berlin', '2026-03-29T00:30:00Z', '2026-03-29T01:00:00.000Z'],
    [['02:30-04:00'], 'Europe/Berlin', '2026-03-29T00:59:00Z', ''],
    [['02:30-04:00'], 'Europe/Berlin', '2026-03-29T01:00:00Z', '2026-03-29T02:00:00.000Z'],
    // an end in the repeated hour comes twice; a window that ends when the clock is set back begins again
    [['01:00-02:30'], 'Europe/Berlin', '2026-10-25T00:00:00Z', '2026-10-25T00:30:00.000Z'],
    [['01:00-02:30'], 'Europe/Berlin', '2026-10-25T00:45:00Z', ''],
    [['01:00-02:30'], 'Europe/Berlin', '2026-10-25T01:00:00Z', '2026-10-25T01:30:00.000Z'],
    [['02:00-03:00'], 'Europe/Berlin', '2026-10-25T00:10:00Z', '2026-10-25T02:00:00.000Z'],
  ])('%j in %s at %s', (windows, zone, now, expected) => {
    expect(end(windows, zone, now)).toBe(expected);
  });

  test('no windows, no blackout', () => {
    expect(blackoutEnd([], 'UTC', 0)).toBeUndefined();
  });
});

describe('windows that cover the whole week', () => {
  test.each([
    [['00:00-24:00']],
    [['12:00-12:00']],
    [['00:00-12:00', '12:00-24:00']],
    [
      [
        '22:00-22:00 Mon-Fri',
        '20:00-24:00 Sat',
        '00:00-22:00 Sun',
        '21:00-22:00 Mon',
        '00:00-23:00 Sat',
        '12:00-00:00 Sun',
        '00:00-22:00 Mon',
      ],
    ],
  ])('%j are refused', (windows) => {
    const parsed = windows.map(parseBlackout);
    const refused = expect.objectContaining({ code: 'SCHEDULE_BLACKOUT_ALWAYS' });
    expect(() => {
      checkBlackout(parsed);
    }).toThrow(refused);
    expect(() => blackoutEnd(parsed, 'UTC', 0)).toThrow(refused);
  });

  test('a minute that is left open is enough', () => {
    expect(() => {
      checkBlackout(['00:00-23:59'].map(parseBlackout));
    }).not.toThrow();
    expect(() => {
      checkBlackout(['00:00-24:00 Mon-Sat', '00:01-24:00 Sun'].map(parseBlackout));
    }).not.toThrow();
  });
});

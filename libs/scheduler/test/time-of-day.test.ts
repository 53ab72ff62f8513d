import { expect, test } from '@jest/globals';
import { isTimezone, parseTimeOfDay } from '../src/index.js';

test.each([
  ['00:00', 0],
  ['4:30', 270],
  [' 23:59 ', 1439],
])("'%s' is minute %d of the day", (text, minutes) => {
  expect(parseTimeOfDay(text)).toBe(minutes);
});

test.each(['', '24:00', '12:60', '12', '12:3', '-1:00', '12:30:00', 'noon'])(
  "'%s' is no time of day",
  (text) => {
    expect(() => parseTimeOfDay(text)).toThrow(
      expect.objectContaining({
        code: 'SCHEDULE_TIME_OF_DAY_INVALID',
        message: `expected a time of day such as '04:30', found '${text}'`,
      }),
    );
  },
);

test.each(['UTC', 'Europe/Berlin', 'Asia/Kolkata', 'America/Argentina/Buenos_Aires'])(
  '%s is a time zone',
  (name) => {
    expect(isTimezone(name)).toBe(true);
  },
);

test.each(['', 'local', '+01:00', 'Europe/Atlantis', '../etc/passwd'])("'%s' is none", (name) => {
  expect(isTimezone(name)).toBe(false);
});

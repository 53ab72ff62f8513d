import { describe, expect, test } from '@jest/globals';
import {
  isZeroTime,
  parseTime,
  toUnixMillis,
  toUnixSeconds,
  toWebTime,
  toWireTime,
  tryParseTime,
  zeroTime,
  zeroTimeUnix,
} from '../src/index.js';

describe('the time codec', () => {
  test('the zero time has the text and the Unix time that status pages know', () => {
    expect(toWebTime(zeroTime)).toBe('0001-01-01 00:00:00 +0000');
    expect(toUnixSeconds(zeroTime)).toBe(zeroTimeUnix);
    expect(isZeroTime(zeroTime)).toBe(true);
    expect(isZeroTime('0001-01-01T08:05:00+08:05')).toBe(true);
    expect(isZeroTime('2026-11-23T17:21:41Z')).toBe(false);
  });

  test.each([
    ['2026-11-23T17:21:41.402910625Z', 1795454501, 402_910_625, 0],
    ['2026-11-24T01:21:41.4+08:00', 1795454501, 400_000_000, 480],
    ['2026-11-23T13:51:41-03:30', 1795454501, 0, -210],
  ])('%s is read with nanoseconds and offset', (text, unixSeconds, nanoseconds, offsetMinutes) => {
    expect(parseTime(text)).toEqual({ unixSeconds, nanoseconds, offsetMinutes });
  });

  test('text forms keep the offset of the time', () => {
    expect(toWebTime('2026-11-24T01:21:41.4+08:00')).toBe('2026-11-24 01:21:41 +0800');
    expect(toWebTime('2026-11-23T13:51:41-03:30')).toBe('2026-11-23 13:51:41 -0330');
  });

  test('an instant is written in the given offset and parses to the same instant', () => {
    const instant = 1795454501402;
    expect(toWireTime(instant, 0)).toBe('2026-11-23T17:21:41.402Z');
    expect(toWireTime(instant, 480)).toBe('2026-11-24T01:21:41.402+08:00');
    expect(toWireTime(1795454501000, 0)).toBe('2026-11-23T17:21:41Z');
    expect(toUnixMillis(toWireTime(instant, -210))).toBe(instant);
    expect(toUnixMillis(toWireTime(-1, 0))).toBe(-1);
  });

  test.each([
    '',
    'now',
    '2026-02-30T00:00:00Z',
    '2026-11-23 17:21:41Z',
    '2026-11-23T24:00:00Z',
    '2026-11-23T17:21:41',
  ])('%p is not a time', (text) => {
    expect(tryParseTime(text)).toBeUndefined();
    expect(() => parseTime(text)).toThrow(`'${text}' is not a time`);
  });
});

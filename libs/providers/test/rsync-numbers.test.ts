import { describe, expect, test } from '@jest/globals';
import { parseRsyncNumber, unitBase } from '../src/results/rsync-numbers.js';

describe('parseRsyncNumber', () => {
  test.each([
    ['0', 0],
    ['999', 999],
    ['1,234,567', 1_234_567],
    // a locale with points between thousands and a comma before decimals
    ['1.234.567', 1_234_567],
    ['18,52M', 18_520_000],
    ['1.00K', 1000],
    ['18.52M', 18_520_000],
    ['1.33T', 1_330_000_000_000],
    ['999.99P', 999_990_000_000_000_000],
  ])('reads %j as %d', (text, value) => {
    expect(parseRsyncNumber(text, 1000)).toBe(value > Number.MAX_SAFE_INTEGER ? undefined : value);
  });

  test('takes the units of -hh for what they are', () => {
    expect(parseRsyncNumber('1.50K', 1024)).toBe(1536);
    expect(parseRsyncNumber('2.00G', 1024)).toBe(2 ** 31);
  });

  test.each(['', 'M', '-1', '1 2', '1.5X', 'x1', '.5'])('takes %j for no number', (text) => {
    expect(parseRsyncNumber(text, 1000)).toBeUndefined();
  });
});

describe('unitBase', () => {
  test.each<[string[], number]>([
    [['rsync', '-aHvh'], 1000],
    [['rsync', '-aHvh', '-h'], 1024],
    [['rsync', '-aHvhh'], 1024],
    [['rsync', '-aHvh', '--human-readable'], 1024],
    [['rsync', '-hh', '--no-h', '-h'], 1000],
    [['rsync', '-aHv'], 1000],
    // not ours: arguments of other options
    [['rsync', '-vh', '-e', '-h', '-essh -h', '--rsh=ssh -h'], 1000],
    [['rsync', '-vhe', '-h'], 1000],
  ])('of %j is %d', (argv, base) => {
    expect(unitBase(argv)).toBe(base);
  });
});

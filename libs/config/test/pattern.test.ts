import { describe, expect, test } from '@jest/globals';
import { compilePattern } from '../src/index.js';

describe('compilePattern', () => {
  test('flags of Go patterns work', () => {
    expect(compilePattern('(?m)^fatal: ').matcher('a\nfatal: b').find()).toBe(true);
    expect(compilePattern('(?mi)^FATAL').matcher('a\nfatal: b').find()).toBe(true);
    expect(compilePattern('^fatal: ').matcher('a\nfatal: b').find()).toBe(false);
  });

  test('groups can be read', () => {
    const matcher = compilePattern('size-sum: ([0-9\\.]+[KMGTP])').matcher('size-sum: 1.5T');
    expect(matcher.find()).toBe(true);
    expect(matcher.group(1)).toBe('1.5T');
  });

  test('a pattern that would take exponential time elsewhere takes none', () => {
    const start = performance.now();
    expect(
      compilePattern('^(a+)+$')
        .matcher(`${'a'.repeat(5000)}b`)
        .find(),
    ).toBe(false);
    expect(performance.now() - start).toBeLessThan(2000);
  });

  test.each(['(', '[a', 'a**', '(?=a)', '(?<!a)b', '(a)\\1'])('%s is refused', (pattern) => {
    expect(() => compilePattern(pattern)).toThrow(/^not a pattern in RE2 syntax: .+/);
    expect(() => compilePattern(pattern)).toThrow(expect.objectContaining({ code: 'PATTERN_INVALID' }));
  });
});

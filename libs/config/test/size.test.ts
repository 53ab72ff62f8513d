import { describe, expect, test } from '@jest/globals';
import { parseSize } from '../src/index.js';

describe('parseSize', () => {
  test.each<[size: string | number | bigint, bytes: number]>([
    [0, 0],
    [268435456, 268435456],
    [268435456n, 268435456],
    ['268435456', 268435456],
    ['256M', 268435456],
    ['256m', 268435456],
    ['256MB', 268435456],
    ['256MiB', 268435456],
    ['256 mib', 268435456],
    ['1g', 1073741824],
    ['1.5G', 1610612736],
    ['1k', 1024],
    ['1.0001k', 1024],
    ['2T', 2199023255552],
    ['1P', 1125899906842624],
    ['12b', 12],
  ])('%j is %d bytes', (size, bytes) => {
    expect(parseSize(size)).toBe(bytes);
  });

  test.each(['', 'M', '-1', '1x', '1 2', '1..5k', '99999P', '1e3', '256  M', 'NaN', -1, 1.5, Infinity, NaN])(
    '%j is refused',
    (size) => {
      expect(() => parseSize(size)).toThrow(
        expect.objectContaining({
          code: 'SIZE_INVALID',
          message: `'${String(size)}' is not a size such as 268435456, "256M", "256MiB" or "1g"`,
        }),
      );
    },
  );
});

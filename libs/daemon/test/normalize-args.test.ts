import { describe, expect, test } from '@jest/globals';
import { normalizeArgs } from '../src/index.js';

describe('normalizeArgs', () => {
  test.each([
    [
      ['-config', 'x'],
      ['--config', 'x'],
    ],
    [['-config=x'], ['--config=x']],
    [['--config=x'], ['--config=x']],
    [['-with-systemd'], ['--with-systemd']],
    [
      ['-c', 'x'],
      ['-c', 'x'],
    ],
    [['-c=x'], ['-c', 'x']],
    [
      ['--c', 'x'],
      ['-c', 'x'],
    ],
    [['-c=a=b'], ['-c', 'a=b']],
    [['-addr='], ['--addr=']],
    [['-'], ['-']],
    [['-5'], ['-5']],
    [
      ['file', '--', '-config'],
      ['file', '--', '-config'],
    ],
  ])('%j becomes %j', (given, expected) => {
    expect(normalizeArgs(given)).toEqual(expected);
  });

  test('with the long flags given, clusters and attached values are left alone', () => {
    expect(normalizeArgs(['-av', '-p8080', '-config', 'x'], ['config'])).toEqual([
      '-av',
      '-p8080',
      '--config',
      'x',
    ]);
  });
});

import { describe, expect, test } from '@jest/globals';
import { exitSucceeded, rsyncExitMeaning } from '../src/index.js';

describe('exitSucceeded', () => {
  test.each([
    [0, null, [], true],
    [0, null, [23], true],
    [23, null, [23, 24], true],
    [24, null, [23], false],
    [1, null, [], false],
    [null, 'SIGTERM', [0, 15], false],
    [null, null, [0], false],
  ])('code %s, signal %s, allowed %j: %s', (code, signal, allowed, expected) => {
    expect(exitSucceeded({ code, signal }, allowed)).toBe(expected);
  });
});

describe('rsyncExitMeaning', () => {
  test('knows the exit values of rsync(1), and no others', () => {
    expect(rsyncExitMeaning(10)).toBe('Error in socket I/O');
    expect(rsyncExitMeaning(23)).toBe('Partial transfer due to error');
    expect(rsyncExitMeaning(30)).toBe('Timeout in data send/receive');
    expect([0, 7, 127, 255].map(rsyncExitMeaning)).toEqual([undefined, undefined, undefined, undefined]);
  });
});

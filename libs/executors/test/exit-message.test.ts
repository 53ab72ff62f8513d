import { describe, expect, test } from '@jest/globals';
import { exitMessage } from '../src/index.js';

describe('exitMessage', () => {
  test.each([
    [0, null, 'exit status 0'],
    [23, null, 'exit status 23'],
    [null, 'SIGKILL', 'signal: killed'],
    [null, 'SIGTERM', 'signal: terminated'],
    [null, 'SIGSEGV', 'signal: segmentation fault'],
    [null, 'SIGRTMIN', 'signal: SIGRTMIN'],
    [null, null, 'the end of the command was not seen'],
  ])('says of code %s and signal %s: %s', (code, signal, message) => {
    expect(exitMessage({ code, signal })).toBe(message);
  });

  test('says of a command that went over its memory limit that it did', () => {
    expect(exitMessage({ code: null, signal: 'SIGKILL', outOfMemory: true })).toBe(
      'signal: killed: it went over its memory limit',
    );
    expect(exitMessage({ code: 12, signal: null, outOfMemory: true })).toBe(
      'exit status 12: a process of it went over the memory limit',
    );
  });
});

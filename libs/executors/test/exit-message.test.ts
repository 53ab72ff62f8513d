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
    [null, null, 'nobody saw how the command ended'],
  ])('says of code %s and signal %s: %s', (code, signal, message) => {
    expect(exitMessage({ code, signal })).toBe(message);
  });
});

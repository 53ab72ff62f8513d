import { expect, test } from '@jest/globals';
import { parseExitRecord } from '../src/launcher/exit-record.js';

test.each([
  ['exit 0\n', { code: 0, signal: null }],
  ['exit 137\n', { code: 137, signal: null }],
  ['Killed\nexit 137\n', { code: null, signal: 'SIGKILL' }],
  ['launcher.sh: line 13: 17 Aborted   ( exec "$@" ) 2>&1\nexit 134\n', { code: null, signal: 'SIGABRT' }],
  ['sh: warning: setlocale: LC_ALL: cannot change locale (xx)\nexit 137\n', { code: 137, signal: null }],
  // no signal has this number
  ['Something\nexit 255\n', { code: 255, signal: null }],
  ['Something\nexit 1\n', { code: 1, signal: null }],
  ['exit 12\nout of memory\n', { code: 12, signal: null, outOfMemory: true }],
  ['Killed\nexit 137\nout of memory\n', { code: null, signal: 'SIGKILL', outOfMemory: true }],
  // the launcher was killed with its command
  ['out of memory\n', { code: null, signal: 'SIGKILL', outOfMemory: true }],
  ['', undefined],
  ['Killed\n', undefined],
  ['exit 13', undefined],
  ['exit \n', undefined],
  ['exit 0\nmore\n', undefined],
  ['exit 3\n\nmore\n', undefined],
  ['exit 3\n\n', undefined],
])('%j', (text, result) => {
  expect(parseExitRecord(text)).toEqual(result);
});

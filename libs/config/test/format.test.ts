import { describe, expect, test } from '@jest/globals';
import { formatDiagnostic } from '../src/index.js';

describe('formatDiagnostic', () => {
  test.each([
    [
      { file: 'w.conf', line: 3, key: 'global.name', message: 'is missing' },
      'w.conf:3: global.name: is missing',
    ],
    [{ file: 'w.conf', key: 'global.name', message: 'is missing' }, 'w.conf: global.name: is missing'],
    [{ file: 'w.conf', line: 3, key: '', message: 'not valid' }, 'w.conf:3: not valid'],
    [{ file: '', key: 'files.db_file', message: 'is a file' }, 'files.db_file: is a file'],
    [{ file: 'a\nb', key: '\u001b[31m', message: 'x\ty' }, 'a\\nb: \\u001b[31m: x\\ty'],
  ])('%j', (diagnostic, line) => {
    expect(formatDiagnostic({ severity: 'error', ...diagnostic })).toBe(line);
  });
});

import { describe, expect, test } from '@jest/globals';
import { relativeTime } from '../src/text/relative-time.js';
import { tableLines, type Column } from '../src/text/table.js';
import { widthOf } from '../src/text/width.js';

interface Row {
  name: string;
  size: string;
  note?: string;
}
const columns: Column<Row>[] = [
  { title: 'NAME', value: ({ name }) => name, shrinkTo: 6, paint: () => 'green' },
  { title: 'SIZE', value: ({ size }) => size, align: 'right' },
  { title: 'NOTE', value: ({ note = '' }) => note, shrinkTo: 4 },
];

describe('a table', () => {
  test('columns are aligned, numbers to the right, without trailing blanks', () => {
    const rows = [
      { name: 'debian', size: '1.33T', note: 'a' },
      { name: 'c++', size: '2G' },
    ];
    expect(tableLines(columns, rows)).toEqual(['NAME     SIZE  NOTE', 'debian  1.33T  a', 'c++        2G']);
  });

  test('a Chinese character takes two columns', () => {
    const rows = [
      { name: '镜像', size: '1G', note: 'x' },
      { name: 'abcd', size: '1G', note: 'x' },
    ];
    expect(tableLines(columns, rows).slice(1)).toEqual(['镜像    1G  x', 'abcd    1G  x']);
  });

  test('colours take no columns', () => {
    expect(tableLines(columns, [{ name: 'ab', size: '1G', note: 'x' }], { colors: true, width: 80 })).toEqual(
      [
        '\u001b[1mNAME\u001b[0m  \u001b[1mSIZE\u001b[0m  \u001b[1mNOTE\u001b[0m',
        '\u001b[32mab\u001b[0m      1G  x',
      ],
    );
  });

  test.each([60, 40, 24, 18, 10, 3, 1])('no line is wider than a terminal of %i columns', (width) => {
    const rows = [
      { name: 'a mirror with a long name', size: '1.33T', note: '因为上游太忙了所以稍后再试 '.repeat(5) },
      { name: 'x', size: '999.99T', note: 'n'.repeat(200) },
    ];
    const lines = tableLines(columns, rows, { width });
    expect(lines).toHaveLength(3);
    for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(width);
  });

  test('a cut cell ends with an ellipsis, and the widest column is cut first', () => {
    const rows = [{ name: 'debian', size: '1G', note: 'connection refused' }];
    expect(tableLines(columns, rows, { width: 24 })[1]).toBe('debian    1G  connectio…');
  });

  test('a cell cannot move the cursor or break the line', () => {
    const note = 'bad\r\n\tnews\u001b[2J\u009b1m\u202edesrever';
    expect(tableLines(columns, [{ name: 'x', size: '', note }])[1]).toBe(
      'x           bad news�[2J�1m�desrever',
    );
  });
});

describe('relative times', () => {
  const now = Date.UTC(2026, 10, 23, 12);
  test.each([
    [0, 'now'],
    [-45, '45s ago'],
    [-89, '89s ago'],
    [-90, '1m ago'],
    [-3 * 3600, '3h ago'],
    [-5 * 86_400, '5d ago'],
    [20 * 60, 'in 20m'],
    [36 * 3600, 'in 1d'],
  ])('%i s from now is shown as %s', (seconds, text) => {
    expect(relativeTime(now + seconds * 1000, now)).toBe(text);
  });
});

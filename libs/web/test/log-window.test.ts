import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  append,
  emptyWindow,
  lineNumbers,
  prepend,
  rowAt,
  trim,
  windowOf,
  type LogWindow,
} from '../site/log-view/lines/log-window.js';
import { holeRow, lineRow, splitRows, type LogRow } from '../site/log-view/lines/rows.js';

/** Rows of ten bytes each. */
const rowsOf = (from: number, to: number): LogRow[] =>
  Array.from({ length: to - from }, (_, index) => {
    const start = (from + index) * 10;
    return lineRow(start, start + 10, `line ${from + index}`, true);
  });
const startsOf = ({ rows }: LogWindow): number[] => rows.map(({ start }) => start / 10);
const limits = { rows: 5, weight: 1e9 };

describe('a window over a log', () => {
  test('adds consecutive rows, without duplicates or gaps', () => {
    const window = windowOf(rowsOf(3, 5), 30);
    expect(startsOf(append(window, rowsOf(4, 7)))).toEqual([3, 4, 5, 6]);
    expect(append(window, rowsOf(3, 5))).toBe(window);
    expect(append(window, rowsOf(6, 8))).toBe(window);
  });

  test('adds rows before it, and no others', () => {
    const window = windowOf(rowsOf(3, 5), 30);
    expect(startsOf(prepend(window, rowsOf(1, 3)))).toEqual([1, 2, 3, 4]);
    expect(prepend(window, rowsOf(0, 2))).toBe(window);
  });

  test('replaces pieces that were split elsewhere by new rows', () => {
    const window = windowOf([...rowsOf(0, 2), lineRow(20, 26, 'piece', false)], 0);
    expect(startsOf(append(window, rowsOf(2, 4)))).toEqual([0, 1, 2, 3]);
  });

  test('drops excess rows at the far side', () => {
    const window = windowOf(rowsOf(0, 8), 0);
    expect(startsOf(trim(window, 'front', limits))).toEqual([3, 4, 5, 6, 7]);
    expect(startsOf(trim(window, 'back', limits))).toEqual([0, 1, 2, 3, 4]);
    expect(trim(window, 'front', { rows: 8, weight: 1e9 })).toBe(window);
    const heavy = windowOf([lineRow(0, 10, 'x'.repeat(1000), true), ...rowsOf(1, 3)], 0);
    expect(startsOf(trim(heavy, 'front', { rows: 8, weight: 500 }))).toEqual([1, 2]);
  });

  test('keeps one row, however long', () => {
    const window = windowOf([lineRow(0, 10, 'x'.repeat(1000), true)], 0);
    expect(trim(window, 'front', { rows: 5, weight: 10 })).toBe(window);
  });

  test('finds the row with a byte', () => {
    const window = windowOf(rowsOf(3, 6), 30);
    expect([29, 30, 39, 40, 59, 60].map((offset) => rowAt(window, offset))).toEqual([-1, 0, 0, 1, 2, -1]);
  });
});

describe('line numbers', () => {
  test('are known from the start of the log on, through trimming and back', () => {
    const window = trim(windowOf(rowsOf(0, 8), 0), 'front', limits);
    expect(lineNumbers(window)).toEqual([4, 5, 6, 7, 8]);
    expect(lineNumbers(prepend(window, rowsOf(2, 3)))[0]).toBe(3);
    expect(lineNumbers(append(emptyWindow(), rowsOf(0, 2)))).toEqual([1, 2]);
  });

  test('are unknown in the middle, until the start is reached', () => {
    const window = windowOf(rowsOf(3, 5), 30);
    expect(lineNumbers(window)).toEqual([undefined, undefined]);
    expect(lineNumbers(prepend(window, rowsOf(0, 3)))).toEqual([1, 2, 3, 4, 5]);
  });

  test('end where a part was cut out, and pieces of a line have none', () => {
    const rows = [
      lineRow(0, 10, 'a', true),
      lineRow(10, 20, 'b', false),
      { ...lineRow(20, 30, 'more of b', true), continues: true },
      lineRow(30, 40, 'c', false),
      holeRow(40, 50),
      lineRow(50, 60, 'd', true),
    ];
    expect(lineNumbers(windowOf(rows, 0))).toEqual([1, 2, undefined, 3, undefined, undefined]);
  });
});

test('a window that moves over a log and back shows the content of the log', () => {
  const log = new TextEncoder().encode(
    Array.from({ length: 300 }, (_, index) => `${'é'.repeat(index % 7)} line ${index}\n`).join(''),
  );
  const all = splitRows(log, 0).rows;
  const step = fc.record({ side: fc.constantFrom('front', 'back'), count: fc.integer({ min: 1, max: 40 }) });
  fc.assert(
    fc.property(fc.nat(299), fc.array(step), (begin, steps) => {
      let window = windowOf(all.slice(begin, begin + 20), all[begin]?.start ?? 0);
      for (const { side, count } of steps) {
        const first = all.findIndex(({ start }) => start === window.start);
        const next = first + window.rows.length;
        window =
          side === 'front'
            ? trim(prepend(window, all.slice(Math.max(0, first - count), first)), 'back', {
                rows: 50,
                weight: 1e9,
              })
            : trim(append(window, all.slice(Math.max(0, next - 3), next + count)), 'front', {
                rows: 50,
                weight: 1e9,
              });
        const from = all.findIndex(({ start }) => start === window.start);
        expect(window.rows).toEqual(all.slice(from, from + window.rows.length));
        for (const [index, number] of lineNumbers(window).entries()) {
          if (number !== undefined) expect(number).toBe(from + index + 1);
        }
      }
    }),
    { numRuns: 50 },
  );
});

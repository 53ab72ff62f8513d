import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { joinRows, longestPiece, shortestHole, splitRows, type LogRow } from '../site/log-view/lines/rows.js';

const encoder = new TextEncoder();
const bytesOf = (text: string): Uint8Array => encoder.encode(text);
const textsOf = (rows: readonly LogRow[]): string[] => rows.map(({ text }) => text);

/** Rows of bytes that arrive in parts. */
function splitInParts(bytes: Uint8Array, borders: readonly number[]): LogRow[] {
  let rows: LogRow[] = [];
  let at = 0;
  for (const border of [...borders, bytes.length]) {
    if (border <= at) continue;
    const isEnd = border === bytes.length;
    const last = rows.at(-1);
    const split = splitRows(bytes.subarray(at, border), at, {
      isEnd,
      inLine: last !== undefined && !last.closed,
    });
    rows = joinRows(rows, split.rows);
    at = split.end;
  }
  return rows;
}

describe('lines of a log', () => {
  test('have their offsets in bytes', () => {
    const { rows, end } = splitRows(bytesOf('ä\n镜像\nrest'), 100);
    expect(rows.map(({ text, start, end }) => [text, start, end])).toEqual([
      ['ä', 100, 103],
      ['镜像', 103, 110],
    ]);
    expect(end).toBe(110);
  });

  test('that are incomplete are rows at the end only', () => {
    expect(textsOf(splitRows(bytesOf('a\nb'), 0).rows)).toEqual(['a']);
    const { rows } = splitRows(bytesOf('a\nb'), 0, { isEnd: true });
    expect(rows.map(({ text, closed }) => [text, closed])).toEqual([
      ['a', true],
      ['b', false],
    ]);
  });

  test('are the same wherever reads are split', () => {
    const line = fc.string({ unit: fc.constantFrom('a', 'é', '镜', '🚀', '\r', '\u001b[31m', ' ') });
    fc.assert(
      fc.property(fc.array(line), fc.boolean(), fc.array(fc.nat(400)), (lines, ends, borders) => {
        const bytes = bytesOf(lines.join('\n') + (ends ? '\n' : ''));
        const whole = splitRows(bytes, 0, { isEnd: true }).rows;
        const inParts = splitInParts(
          bytes,
          borders.filter((border) => border < bytes.length).sort((a, b) => a - b),
        );
        expect(inParts).toEqual(whole);
      }),
    );
  });

  test('cover every byte once, whatever the bytes are', () => {
    const piece = fc.oneof(
      fc.uint8Array({ maxLength: 50 }),
      fc.constant(new Uint8Array(shortestHole)),
      fc.constant(new Uint8Array(shortestHole - 1)),
      fc.constant(new Uint8Array(longestPiece + 7).fill(97)),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), fc.nat(1000), (pieces, start) => {
        const bytes = Uint8Array.from(pieces.flatMap((part) => [...part]));
        const { rows, end } = splitRows(bytes, start, { isEnd: true });
        let at = start;
        for (const row of rows) {
          expect(row.start).toBe(at);
          expect(row.end).toBeGreaterThan(row.start);
          at = row.end;
        }
        expect([at, end]).toEqual([start + bytes.length, start + bytes.length]);
      }),
      { numRuns: 40 },
    );
  });

  test('with invalid UTF-8 show it, and do not move the lines after them', () => {
    const bytes = Uint8Array.from([0xff, 0xfe, 0x0a, 0xe9, 0x95, 0x0a, 0x78, 0x0a]);
    const { rows } = splitRows(bytes, 0);
    expect(rows.map(({ text, start }) => [text, start])).toEqual([
      ['\ufffd\ufffd', 0],
      ['\ufffd', 3],
      ['x', 6],
    ]);
  });
});

describe('carriage returns', () => {
  const shown = (text: string): string[] => textsOf(splitRows(bytesOf(text), 0, { isEnd: true }).rows);

  test('leave the text that was written last', () => {
    expect(shown('  1%\r 50%\r100%\ndone\r\n')).toEqual(['100%', 'done']);
    expect(shown('old\rnew\r\r\n')).toEqual(['new']);
    expect(shown('\r\n')).toEqual(['']);
  });

  test('leave one row of megabytes of progress', () => {
    const progress = Array.from({ length: 200_000 }, (_, index) => `\r${index} files`).join('');
    const { rows } = splitRows(bytesOf(`start\n${progress}\nend\n`), 0);
    expect(textsOf(rows)).toEqual(['start', '199999 files', 'end']);
    expect(rows[1]?.start).toBe(6);
    expect(rows[2]?.start).toBe(6 + progress.length + 1);
  });

  test('leave one row of progress that is read in parts', () => {
    const progress = Array.from({ length: 60_000 }, (_, index) => `${index} files\r`).join('');
    const bytes = bytesOf(`start\n${progress}last\nend\n`);
    expect(textsOf(splitInParts(bytes, [100_000, 300_001, 500_002]))).toEqual(['start', 'last', 'end']);
  });
});

describe('oversized or unusual bytes', () => {
  test('a line without an end is split, and each piece is cut for display', () => {
    const { rows } = splitRows(bytesOf('é'.repeat(100_000)), 0, { isEnd: true });
    expect(rows.map(({ start, closed, continues }) => [start, closed, continues])).toEqual([
      [0, false, false],
      [65_536, false, true],
      [131_072, false, true],
      [196_608, false, true],
    ]);
    expect(rows[0]?.text).toBe('é'.repeat(2048));
    expect(rows[0]?.cut).toBe(65_536 - 4096);
    expect(rows[3]?.cut).toBe(0);
  });

  test('a part that was released to the file system is one row, within a line', () => {
    const hole = new Uint8Array(300_000);
    const bytes = Uint8Array.from([...bytesOf('a\nbegin'), ...hole, ...bytesOf('end\nb\n')]);
    const expected = [
      ['line', 'a', 0],
      ['line', 'begin', 2],
      ['hole', '', 7],
      ['line', 'end', 300_007],
      ['line', 'b', 300_011],
    ];
    const facts = (rows: readonly LogRow[]): unknown[] =>
      rows.map(({ kind, text, start }) => [kind, text, start]);
    expect(facts(splitRows(bytes, 0).rows)).toEqual(expected);
    expect(facts(splitInParts(bytes, [1000, 120_000, 250_000]))).toEqual(expected);
  });

  test('single NULs are removed', () => {
    expect(textsOf(splitRows(Uint8Array.from([0, 97, 0, 98, 10]), 0).rows)).toEqual(['ab']);
  });
});

import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { loadAround, loadBackward, loadEnd, loadForward } from '../site/log-view/lines/load-rows.js';
import { findHoleStart, type LogPart, type ReadPart } from '../site/log-view/lines/read-span.js';
import { joinRows, splitRows, type LogRow } from '../site/log-view/lines/rows.js';

const MiB = 1024 * 1024;

/** A log in memory that counts reads. @param hole - a part that is not returned, as by a worker */
function logOf(
  bytes: Uint8Array,
  hole?: [from: number, to: number],
): { read: ReadPart; asked: () => { parts: number; bytes: number } } {
  let [parts, total] = [0, 0];
  return {
    read: (from, to): Promise<LogPart> => {
      let [start, end] = [Math.min(from, bytes.length), Math.min(to, bytes.length)];
      if (hole !== undefined && start < hole[1] && end > hole[0]) {
        if (start < hole[0]) [, end] = [start, hole[0]];
        else [start, end] = [hole[1], Math.max(end, hole[1])];
      }
      const part = bytes.subarray(start, end);
      parts += 1;
      total += part.length;
      return Promise.resolve({ bytes: part, start, size: bytes.length });
    },
    asked: () => ({ parts, bytes: total }),
  };
}

const padding = 'x'.repeat(200);

/** Lines of about that many bytes in total. */
function lines(size: number, from = 0): Uint8Array {
  const all: string[] = [];
  for (let at = 0, n = from; at < size; n++) {
    const line = `line ${n} ${'é'.repeat(n % 40)}${padding}`;
    all.push(line);
    at += line.length + (n % 40) + 1;
  }
  return new TextEncoder().encode(`${all.join('\n')}\n`);
}

const concat = (...parts: Uint8Array[]): Uint8Array => {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
};

describe('reading a log', () => {
  const bytes = lines(4 * MiB);
  const all = splitRows(bytes, 0).rows;

  test('from its end to its start returns every line once', async () => {
    const { read } = logOf(bytes);
    const end = await loadEnd(read, bytes.length);
    let { start } = end;
    let rows = end.rows;
    while (start > 0) {
      const more = await loadBackward(read, start);
      rows = joinRows(more.rows, rows);
      ({ start } = more);
    }
    expect(rows).toEqual(all);
  });

  test('from any place to its end returns every line once', async () => {
    const { read } = logOf(bytes);
    const around = await loadAround(read, 2 * MiB, bytes.length);
    const first = all.findIndex(({ start }) => start === around.start);
    expect(around.start).toBeLessThanOrEqual(2 * MiB);
    let { end, rows } = around;
    while (end < bytes.length) {
      const more = await loadForward(read, end, false);
      rows = joinRows(rows, more.rows);
      ({ end } = more);
    }
    expect(rows).toEqual(all.slice(first));
  });

  test('reads a small part of a large log, and a small log as a whole', async () => {
    const large = logOf(bytes);
    await loadEnd(large.read, bytes.length);
    expect(large.asked().bytes).toBeLessThan(300 * 1024);
    const small = logOf(bytes.subarray(0, MiB));
    expect((await loadEnd(small.read, MiB)).start).toBe(0);
  });

  test('around an offset includes that byte', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), async (at) => {
        const { start, end } = await loadAround(logOf(bytes).read, at, bytes.length);
        expect(start).toBeLessThanOrEqual(at);
        expect(end).toBeGreaterThan(at);
      }),
      { numRuns: 30 },
    );
  });

  test('returns an incomplete line separately', async () => {
    const { rows, rest, end, size } = await loadEnd(
      logOf(new TextEncoder().encode('a\nb\nnot yet')).read,
      11,
    );
    expect(rows.map(({ text }) => text)).toEqual(['a', 'b']);
    expect([rest?.text, rest?.start, rest?.end, end, size]).toEqual(['not yet', 4, 11, 4, 11]);
  });

  test('stops at the end of a log that became shorter or is empty', async () => {
    const { read } = logOf(new TextEncoder().encode('a\nb\n'));
    expect((await loadEnd(read, 7 * MiB)).rows.map(({ text }) => text)).toEqual(['a', 'b']);
    expect((await loadAround(read, 9 * MiB, 9 * MiB)).size).toBe(4);
    expect(await loadEnd(logOf(new Uint8Array(0)).read, 0)).toMatchObject({ rows: [], end: 0, size: 0 });
  });

  test('stops at the new end of a log that grew in the meantime', async () => {
    const loaded = await loadEnd(logOf(bytes).read, 3 * MiB);
    expect(loaded.end).toBe(bytes.length);
  });
});

describe('a line of 20 MiB', () => {
  const bytes = concat(lines(MiB), new Uint8Array(20 * MiB).fill(120), lines(MiB));

  test('is read in pieces, in both directions', async () => {
    const { read } = logOf(bytes);
    const around = await loadAround(read, 10 * MiB, bytes.length);
    expect(around.rows[0]).toMatchObject({ continues: true, closed: false });
    const before = await loadBackward(read, around.start);
    expect(before.end).toBe(around.start);
    const after = await loadForward(read, around.end, true);
    expect(after.rows[0]).toMatchObject({ start: around.end, continues: true });
    expect(after.end).toBeGreaterThan(around.end);
  });

  test('is one row if it is progress that overwrites itself', async () => {
    const progress = new TextEncoder().encode(Array.from({ length: 150_000 }, (_, n) => `${n} %\r`).join(''));
    const first = lines(1000);
    const { read } = logOf(concat(first, progress, lines(4 * MiB, 5000)));
    const { rows } = await loadForward(read, first.length, false);
    expect(rows[0]).toMatchObject({ text: `line 5000 ${padding}`, start: first.length });
    expect(rows[1]?.text).toBe(`line 5001 é${padding}`);
    expect(rows.length).toBeGreaterThanOrEqual(50);
  });
});

describe('a log with a part cut out', () => {
  const before = concat(lines(300_000), new TextEncoder().encode('cut off'));
  const length = 60 * MiB + 12_345;
  const bytes = concat(before, new Uint8Array(length), lines(400_000, 1000));
  const hole: [number, number] = [before.length, before.length + length];
  const gap = { kind: 'hole', start: hole[0], end: hole[1] };
  const holesIn = (rows: readonly LogRow[]): LogRow[] => rows.filter(({ kind }) => kind === 'hole');

  test('shows one row for it when read from the front', async () => {
    const { read, asked } = logOf(bytes, hole);
    let { rows, end } = await loadForward(read, 0, false);
    while (end < bytes.length) {
      const more = await loadForward(read, end, !(rows.at(-1)?.closed ?? false));
      rows = joinRows(rows, more.rows);
      ({ end } = more);
    }
    const at = rows.findIndex(({ kind }) => kind === 'hole');
    expect(holesIn(rows)).toMatchObject([gap]);
    expect(rows[at - 1]).toMatchObject({ text: 'cut off', closed: false, end: hole[0] });
    expect(rows[at + 1]).toMatchObject({ start: hole[1], continues: true });
    expect(asked().parts).toBeLessThan(12);
  });

  test('shows one row for it when read from the end', async () => {
    const { read } = logOf(bytes, hole);
    let { start, rows } = await loadEnd(read, bytes.length);
    for (let tries = 0; start > 0 && tries < 20; tries++) {
      const more = await loadBackward(read, start);
      expect(more.end).toBe(start);
      rows = joinRows(more.rows, rows);
      ({ start } = more);
    }
    expect(start).toBe(0);
    expect(holesIn(rows)).toMatchObject([gap]);
  });

  test.each([
    ['in it', 30 * MiB],
    ['shortly in front of it', hole[0] - 1000],
    ['shortly behind its beginning', hole[0] + 1000],
    ['shortly in front of its end', hole[1] - 1000],
    ['shortly behind it', hole[1] + 1000],
  ])('shows all of it to a reader who jumps %s', async (_, at) => {
    const { read, asked } = logOf(bytes, hole);
    const { rows, start, end } = await loadAround(read, at, bytes.length);
    expect(holesIn(rows)).toMatchObject([gap]);
    expect(start).toBeLessThanOrEqual(at);
    expect(end).toBeGreaterThan(at);
    expect(asked().parts).toBeLessThan(40);
  });

  test('has its edge found to the byte', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(10_000), fc.integer({ min: 1, max: 10_000 }), async (from, length) => {
        const { read } = logOf(new Uint8Array(30_000), [from, from + length]);
        expect(await findHoleStart(read, from + length - 1)).toBe(from);
      }),
    );
  });
});

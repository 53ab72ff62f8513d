import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { IndexedHeap } from '../src/index.js';

/** Empties the heap. */
function drain<K>(heap: IndexedHeap<K>): [K, number][] {
  const out: [K, number][] = [];
  for (let first = heap.pop(); first !== undefined; first = heap.pop()) out.push([first.key, first.at]);
  return out;
}

describe('IndexedHeap', () => {
  test('an empty heap gives nothing', () => {
    const heap = new IndexedHeap<string>();
    expect(heap.size).toBe(0);
    expect(heap.peek()).toBeUndefined();
    expect(heap.pop()).toBeUndefined();
    expect(heap.get('debian')).toBeUndefined();
    expect(heap.has('debian')).toBe(false);
    expect(heap.remove('debian')).toBe(false);
  });

  test('keys leave by their time', () => {
    const heap = new IndexedHeap<string>();
    heap.set('ubuntu', 30);
    heap.set('debian', 10);
    heap.set('arch', 20);
    expect(heap.peek()).toEqual({ key: 'debian', at: 10 });
    expect(heap.get('arch')).toBe(20);
    expect(drain(heap)).toEqual([
      ['debian', 10],
      ['arch', 20],
      ['ubuntu', 30],
    ]);
  });

  test('defect 02: keys of the same instant are all kept, in the order in which they came', () => {
    const heap = new IndexedHeap<string>();
    const names = Array.from({ length: 100 }, (_, i) => `mirror-${i}`);
    for (const name of names) heap.set(name, 1_000);
    expect(heap.size).toBe(100);
    expect(drain(heap).map(([key]) => key)).toEqual(names);
  });

  test('a key that is moved comes after those that had the time before it, one that is not keeps its place', () => {
    const heap = new IndexedHeap<string>();
    heap.set('a', 5);
    heap.set('b', 5);
    heap.set('c', 9);
    heap.set('c', 5);
    heap.set('a', 5);
    expect(heap.size).toBe(3);
    expect(drain(heap).map(([key]) => key)).toEqual(['a', 'b', 'c']);
  });

  test.each([NaN, Infinity, -Infinity])('the time %p is refused and changes nothing', (at) => {
    const heap = new IndexedHeap<string>();
    heap.set('debian', 1);
    expect(() => {
      heap.set('debian', at);
    }).toThrow(
      expect.objectContaining({
        code: 'SCHEDULE_TIME_INVALID',
        message: `the due time of 'debian' is ${at}`,
      }),
    );
    expect(drain(heap)).toEqual([['debian', 1]]);
  });

  test('shift moves all times and keeps the order', () => {
    const heap = new IndexedHeap<string>();
    heap.set('a', 10);
    heap.set('b', 10);
    heap.set('c', 5);
    heap.shift(-7);
    expect(drain(heap)).toEqual([
      ['c', -2],
      ['a', 3],
      ['b', 3],
    ]);
  });

  test('any mix of calls answers as a sorted list does', () => {
    const key = fc.integer({ min: 0, max: 15 });
    const call = fc.oneof(
      {
        weight: 4,
        arbitrary: fc.record({ call: fc.constant('set' as const), key, at: fc.integer({ min: 0, max: 8 }) }),
      },
      { weight: 2, arbitrary: fc.record({ call: fc.constant('remove' as const), key }) },
      { weight: 1, arbitrary: fc.record({ call: fc.constant('pop' as const) }) },
    );
    fc.assert(
      fc.property(fc.array(call, { maxLength: 200 }), (calls) => {
        const heap = new IndexedHeap<number>();
        let oracle: { key: number; at: number }[] = [];
        for (const step of calls) {
          if (step.call === 'set') {
            heap.set(step.key, step.at);
            const old = oracle.find((entry) => entry.key === step.key);
            if (old?.at !== step.at) {
              oracle = oracle.filter((entry) => entry !== old);
              oracle.push({ key: step.key, at: step.at });
              // a stable sort: equal times stay in the order of insertion
              oracle.sort((a, b) => a.at - b.at);
            }
          } else if (step.call === 'remove') {
            expect(heap.remove(step.key)).toBe(oracle.some((entry) => entry.key === step.key));
            oracle = oracle.filter((entry) => entry.key !== step.key);
          } else {
            expect(heap.pop()).toEqual(oracle.shift());
          }
          expect(heap.size).toBe(oracle.length);
          expect(heap.peek()).toEqual(oracle[0]);
          for (const entry of oracle) expect(heap.get(entry.key)).toBe(entry.at);
        }
        expect(new Map(heap.entries())).toEqual(new Map(oracle.map(({ key, at }) => [key, at])));
        expect(drain(heap)).toEqual(oracle.map(({ key, at }) => [key, at]));
      }),
      { numRuns: 300 },
    );
  });

  test('200,000 keys go in, move, and come out in order', () => {
    const heap = new IndexedHeap<number>();
    const count = 200_000;
    // a full-period linear congruential generator: every time below 2^20 once
    const time = (i: number): number => (i * 1_664_525 + 1_013_904_223) % 2 ** 20;
    for (let i = 0; i < count; i++) heap.set(i, time(i));
    for (let i = 0; i < count; i += 10) heap.set(i, time(i) + 2 ** 20);
    for (let i = 5; i < count; i += 10) heap.remove(i);
    expect(heap.size).toBe(180_000);
    let [seen, last, disordered] = [0, -1, 0];
    for (let first = heap.pop(); first !== undefined; first = heap.pop()) {
      seen++;
      if (first.at < last) disordered++;
      last = first.at;
    }
    expect({ seen, disordered }).toEqual({ seen: 180_000, disordered: 0 });
  });
});

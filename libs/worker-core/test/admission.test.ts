import { describe, expect, test } from '@jest/globals';
import { Admission, type Ticket } from '../src/admission/admission.js';

function gate(slots: number) {
  const admission = new Admission(slots);
  const order: string[] = [];
  return {
    admission,
    order,
    enter: (name: string): Ticket => admission.enter(() => void order.push(name)),
    force: (name: string): Ticket => admission.enterForced(() => void order.push(name)),
  };
}

describe('slots', () => {
  test('are handed out strictly in the order of asking', () => {
    const { admission, order, enter } = gate(2);
    const tickets = ['a', 'b', 'c', 'd', 'e'].map(enter);
    expect(order).toEqual(['a', 'b']);
    expect([admission.taken, admission.waiting]).toEqual([2, 3]);
    tickets[1]?.leave();
    expect(order).toEqual(['a', 'b', 'c']);
    tickets[0]?.leave();
    tickets[2]?.leave();
    expect(order).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect([admission.taken, admission.waiting]).toEqual([2, 0]);
  });

  test('who leaves the queue is passed over, from its front, middle and end', () => {
    const { admission, order, enter } = gate(1);
    const [a, b, c, d, e] = ['a', 'b', 'c', 'd', 'e'].map(enter);
    b?.leave();
    d?.leave();
    e?.leave();
    expect(admission.waiting).toBe(1);
    a?.leave();
    expect(order).toEqual(['a', 'c']);
    c?.leave();
    enter('f');
    expect(order).toEqual(['a', 'c', 'f']);
  });

  test('a forced one goes in at once and takes no slot', () => {
    const { admission, order, enter, force } = gate(1);
    const a = enter('a');
    enter('b');
    const forced = force('c');
    expect(order).toEqual(['a', 'c']);
    expect([admission.taken, admission.forced, admission.waiting]).toEqual([1, 1, 1]);
    forced.leave();
    expect([admission.taken, admission.forced, admission.waiting]).toEqual([1, 0, 1]);
    a.leave();
    expect(order).toEqual(['a', 'c', 'b']);
  });

  test('a waiting one can be forced through, once', () => {
    const { admission, order, enter } = gate(1);
    enter('a');
    const b = enter('b');
    enter('c');
    b.force();
    b.force();
    expect(order).toEqual(['a', 'b']);
    expect(b.forced).toBe(true);
    expect([admission.taken, admission.forced, admission.waiting]).toEqual([1, 1, 1]);
  });

  test('leaving twice gives one slot back', () => {
    const { admission, order, enter } = gate(1);
    const a = enter('a');
    enter('b');
    enter('c');
    a.leave();
    a.leave();
    expect(order).toEqual(['a', 'b']);
    expect(admission.waiting).toBe(1);
  });

  test('100,000 may wait, and leave from anywhere, within a second', () => {
    const { admission, order, enter } = gate(1);
    const begin = performance.now();
    const tickets = Array.from({ length: 100_000 }, (_, n) => enter(`${n}`));
    for (let n = 99_999; n > 0; n -= 2) tickets[n]?.leave();
    for (let n = 0; n < 100_000; n += 2) tickets[n]?.leave();
    expect(performance.now() - begin).toBeLessThan(1000);
    expect(order).toHaveLength(50_000);
    expect([admission.taken, admission.waiting]).toEqual([0, 0]);
  });
});

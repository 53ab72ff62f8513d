import { describe, expect, test } from '@jest/globals';
import { gateRig } from './support/gate.js';

describe('slots', () => {
  test('are handed out strictly in the order of asking', () => {
    const { admission, order, enter } = gateRig(2);
    const tickets = ['a', 'b', 'c', 'd', 'e'].map((name) => enter(name));
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
    const { admission, order, enter } = gateRig(1);
    const [a, b, c, d, e] = ['a', 'b', 'c', 'd', 'e'].map((name) => enter(name));
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
    const { admission, order, enter, force } = gateRig(1);
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
    const { admission, order, enter } = gateRig(1);
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
    const { admission, order, enter } = gateRig(1);
    const a = enter('a');
    enter('b');
    enter('c');
    a.leave();
    a.leave();
    expect(order).toEqual(['a', 'b']);
    expect(admission.waiting).toBe(1);
  });

  test('a run that is under way already takes one, also when none is free', () => {
    const { admission, order, enter, adopt } = gateRig(1);
    const a = enter('a');
    const b = adopt('b');
    enter('c');
    expect(order).toEqual(['a', 'b']);
    expect([admission.taken, admission.waiting, b.forced]).toEqual([2, 1, false]);
    a.leave();
    expect([admission.taken, admission.waiting]).toEqual([1, 1]);
    b.leave();
    expect(order).toEqual(['a', 'b', 'c']);
  });

  test('100,000 may wait, of any priority and host, and leave from anywhere', () => {
    const perUpstreamConcurrent = { 'a.example.org': 1, 'b.example.org': 2 };
    const { admission, order, enter } = gateRig(1, { perUpstreamConcurrent });
    const tickets = Array.from({ length: 100_000 }, (_, n) =>
      enter(`${n}`, { priority: n % 101, upstreamHost: `${'abc'.charAt(n % 3)}.example.org` }),
    );
    for (let n = 99_999; n > 0; n -= 2) tickets[n]?.leave();
    for (const name of order) tickets[Number(name)]?.leave();
    expect(order).toHaveLength(50_000);
    expect([admission.taken, admission.waiting]).toEqual([0, 0]);
  });
});

describe('priority', () => {
  test('the highest one gets a free slot, the first one among equals', () => {
    const { order, enter } = gateRig(1);
    const running = enter('running', { priority: 0 });
    enter('c', { priority: 50 });
    enter('d', { priority: 50 });
    enter('e', { priority: 0 });
    const a = enter('a', { priority: 100 });
    const b = enter('b', { priority: 51 });
    const last = [running, a, b];
    for (const ticket of last) ticket.leave();
    expect(order).toEqual(['running', 'a', 'b', 'c']);
  });
});

test('of those that enter together, the highest priority goes first, whoever is named first', () => {
  const { admission, order, enter } = gateRig(2);
  admission.together(() => {
    enter('a', { priority: 10 });
    enter('b', { priority: 20 });
    admission.together(() => enter('c', { priority: 30 }));
    expect(order).toEqual([]);
  });
  expect(order).toEqual(['c', 'b']);
});

describe('limits by upstream', () => {
  test('one that has to wait for its upstream holds up nobody', () => {
    const { admission, order, enter } = gateRig(3, { perUpstreamConcurrent: { 'Busy.Example.org': 1 } });
    const busy = { upstreamHost: 'busy.example.ORG', priority: 100 };
    const a = enter('a', busy);
    const b = enter('b', busy);
    const c = enter('c');
    enter('d', { upstreamHost: 'other.example.org' });
    enter('e');
    expect(order).toEqual(['a', 'c', 'd']);
    expect(b.waits).toEqual({ for: 'upstream', host: 'busy.example.org' });
    expect([admission.taken, admission.waiting]).toEqual([3, 2]);
    a.leave();
    expect(order).toEqual(['a', 'c', 'd', 'b']);
    c.leave();
    expect(order).toEqual(['a', 'c', 'd', 'b', 'e']);
  });

  test('who waits leaves its place to the next one of the same upstream', () => {
    const { order, enter } = gateRig(5, { perUpstreamConcurrent: { busy: 2 } });
    const [a, b, c, d] = ['a', 'b', 'c', 'd', 'e'].map((name) => enter(name, { upstreamHost: 'busy' }));
    c?.leave();
    a?.leave();
    expect(order).toEqual(['a', 'b', 'd']);
    b?.leave();
    d?.leave();
    expect(order).toEqual(['a', 'b', 'd', 'e']);
  });

  test('adopted and forced runs count, and are not held up', () => {
    const { order, enter, force, adopt } = gateRig(5, { perUpstreamConcurrent: { busy: 1 } });
    const host = { upstreamHost: 'busy' };
    const a = adopt('a', host);
    const b = adopt('b', host);
    const c = force('c', host);
    const d = enter('d', host);
    expect(order).toEqual(['a', 'b', 'c']);
    a.leave();
    b.leave();
    expect(d.waits).toEqual({ for: 'upstream', host: 'busy' });
    c.leave();
    expect(order).toEqual(['a', 'b', 'c', 'd']);
  });
});

describe('why a job waits', () => {
  test('is told when it begins to wait and when the reason changes, once each', async () => {
    const { told, enter, settle } = gateRig(2, { perUpstreamConcurrent: { busy: 1 } });
    const a = enter('a', { upstreamHost: 'busy' });
    const b = enter('b', { upstreamHost: 'busy' });
    await settle();
    expect(told).toEqual([['b', { for: 'upstream', host: 'busy' }]]);
    enter('c');
    enter('d', { priority: 60 });
    await settle();
    expect(told.splice(0)).toEqual([
      ['b', { for: 'upstream', host: 'busy' }],
      ['d', { for: 'slot' }],
    ]);
    // the slot goes to the higher priority
    a.leave();
    await settle();
    expect(told.splice(0)).toEqual([['b', { for: 'slot' }]]);
    expect(a.waits).toBeUndefined();
    b.leave();
    expect(b.waits).toBeUndefined();
    await settle();
    expect(told).toEqual([]);
  });

  test('nothing is told of those that come and go within a turn', async () => {
    const { told, enter, settle } = gateRig(1);
    const a = enter('a');
    const b = enter('b');
    const c = enter('c');
    b.leave();
    a.leave();
    expect(c.state).toBe('admitted');
    await settle();
    expect(told).toEqual([]);
  });
});

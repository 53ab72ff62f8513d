import { describe, expect, test } from '@jest/globals';
import { SettableClock } from '@tunasync/test-utils';
import { gateRig } from './support/gate.js';

const minute = 60_000;
const hour = 60 * minute;

describe('a blackout', () => {
  test('holds a start back until it ends, and nobody else', async () => {
    const { admission, clock, order, told, enter, settle } = gateRig(1);
    const a = enter('a', { blackout: '08:00-18:00', priority: 100 });
    const b = enter('b');
    expect(order).toEqual(['b']);
    const until = Date.parse('2026-11-23T18:00:00Z');
    expect(a.waits).toEqual({ for: 'blackout', until });
    await settle();
    expect(told).toEqual([['a', { for: 'blackout', until }]]);
    b.leave();
    await clock.advance(6 * hour - 1);
    expect(order).toEqual(['b']);
    await clock.advance(1);
    expect(order).toEqual(['b', 'a']);
    expect([admission.waiting, clock.pending]).toEqual([0, 0]);
  });

  test('that begins while a job waits for a slot holds it back when its turn comes', async () => {
    const { clock, order, enter } = gateRig(1);
    const a = enter('a');
    const b = enter('b', { blackout: '13:00-14:00' });
    enter('c');
    await clock.advance(hour);
    expect(b.waits).toEqual({ for: 'slot' });
    a.leave();
    expect(order).toEqual(['a', 'c']);
    expect(b.waits).toEqual({ for: 'blackout', until: Date.parse('2026-11-23T14:00:00Z') });
  });

  test('does not end what it does not begin: a run under way, a forced one', () => {
    const { order, enter, force, adopt } = gateRig(1);
    force('a', { blackout: '08:00-18:00' });
    adopt('b', { blackout: '08:00-18:00' });
    const c = enter('c', { blackout: '08:00-18:00' });
    c.force();
    expect(order).toEqual(['a', 'b', 'c']);
  });

  test('those whose blackout ends go by priority, and keep their place among equals', async () => {
    const { clock, order, enter } = gateRig(1);
    const a = enter('a');
    enter('b', { blackout: '08:00-13:00' });
    enter('c');
    enter('d', { blackout: '08:00-13:00', priority: 60 });
    await clock.advance(hour);
    expect(order).toEqual(['a']);
    a.leave();
    expect(order).toEqual(['a', 'd']);
  });

  test('who leaves meanwhile is not let in, and leaves no timer', async () => {
    const { admission, clock, order, enter } = gateRig(1);
    enter('a', { blackout: '08:00-13:00' }).leave();
    expect([admission.waiting, clock.pending]).toEqual([0, 0]);
    await clock.advance(2 * hour);
    expect(order).toEqual([]);
  });

  test('no timer is left when the gate is closed', async () => {
    const { admission, clock, order, enter } = gateRig(1);
    enter('a', { blackout: '08:00-13:00' });
    admission.close();
    expect(clock.pending).toBe(0);
    await clock.advance(2 * hour);
    expect(order).toEqual([]);
  });
});

describe('a clock that is set', () => {
  test('forward, past the end of a blackout: it is over within a minute', async () => {
    const { clock, order, enter } = gateRig(1);
    enter('a', { blackout: '08:00-18:00' });
    clock.jumpTo(Date.parse('2026-11-23T19:00:00Z'));
    await clock.advance(minute);
    expect(order).toEqual(['a']);
  });

  test('back, before the blackout began: it is over within a minute', async () => {
    const clock = new SettableClock(Date.parse('2026-11-23T12:00:00Z'));
    const { order, enter } = gateRig(1, { clock });
    enter('a', { blackout: '08:00-18:00' });
    await clock.inner.advance(10 * minute);
    clock.set(Date.parse('2026-11-23T05:00:00Z'));
    expect(order).toEqual([]);
    await clock.inner.advance(minute);
    expect(order).toEqual(['a']);
    expect(clock.inner.pending).toBe(0);
  });

  test('forward, into the blackout of another day: that one holds', async () => {
    const { clock, order, enter } = gateRig(1);
    const a = enter('a', { blackout: '08:00-18:00' });
    clock.jumpTo(Date.parse('2026-11-26T09:00:00Z'));
    await clock.advance(minute);
    expect(order).toEqual([]);
    expect(a.waits).toEqual({ for: 'blackout', until: Date.parse('2026-11-26T18:00:00Z') });
  });

  test('the engine may tell at once', () => {
    const { admission, clock, order, enter } = gateRig(1);
    enter('a', { blackout: '08:00-18:00' });
    clock.jumpTo(Date.parse('2026-11-23T05:00:00Z'));
    admission.reconsider();
    expect(order).toEqual(['a']);
    expect(clock.pending).toBe(0);
  });
});

test('a day on which the clock is changed: a blackout ends when the clock on the wall says so', async () => {
  const { clock, order, enter } = gateRig(1, { start: '2026-03-29T00:30:00Z' });
  const a = enter('a', { blackout: '01:00-05:00', timezone: 'Europe/Berlin' });
  expect(a.waits).toEqual({ for: 'blackout', until: Date.parse('2026-03-29T03:00:00Z') });
  await clock.advance(2.5 * hour);
  expect(order).toEqual(['a']);
});

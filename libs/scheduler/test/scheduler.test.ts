import { describe, expect, test } from '@jest/globals';
import { systemClock } from '@tunasync/protocol';
import { FakeClock, SettableClock, waitFor } from '@tunasync/test-utils';
import { Scheduler } from '../src/index.js';

const minute = 60_000;

function setUp(onDue?: (keys: string[]) => void) {
  const clock = new SettableClock();
  const calls: string[][] = [];
  const messages: string[] = [];
  const log = (message: string): void => void messages.push(message);
  const scheduler = new Scheduler<string>({
    clock,
    onDue: (keys) => {
      calls.push(keys);
      onDue?.(keys);
    },
    logger: { warn: log, error: log },
  });
  return { clock, calls, messages, scheduler, start: clock.now() };
}

describe('Scheduler', () => {
  test('hands a key over when it is due, not before', async () => {
    const { clock, calls, scheduler, start } = setUp();
    scheduler.start();
    scheduler.set('debian', start + 5_000);
    await clock.inner.advance(4_999);
    expect(calls).toEqual([]);
    expect(scheduler.at('debian')).toBe(start + 5_000);
    await clock.inner.advance(1);
    expect(calls).toEqual([['debian']]);
    expect(scheduler.at('debian')).toBeUndefined();
    expect(scheduler.size).toBe(0);
    expect(clock.inner.pending).toBe(0);
  });

  test('defect 01: 500 due jobs are handed over in one call, in due order', async () => {
    const { clock, calls, scheduler, start } = setUp();
    const names = Array.from({ length: 500 }, (_, i) => `mirror-${i}`);
    for (const [i, name] of [...names.entries()].reverse()) scheduler.set(name, start - 1_000 + i);
    scheduler.start();
    await clock.inner.advance(0);
    expect(calls).toEqual([names]);
  });

  test('defect 02: jobs of the same instant are all handed over', async () => {
    const { clock, calls, scheduler, start } = setUp();
    scheduler.start();
    for (const name of ['a', 'b', 'c']) scheduler.set(name, start + 10);
    await clock.inner.advance(10);
    expect(calls).toEqual([['a', 'b', 'c']]);
  });

  test('a time that has passed makes a key due in the next turn, not within the call', async () => {
    const { clock, calls, scheduler, start } = setUp();
    scheduler.start();
    scheduler.set('debian', start - 10 * minute);
    expect(calls).toEqual([]);
    await clock.inner.advance(0);
    expect(calls).toEqual([['debian']]);
  });

  test('2,000 keys set in one turn, each earlier than the last, arm two timers and leave one', async () => {
    const { clock, calls, scheduler, start } = setUp();
    scheduler.start();
    for (let i = 2_000; i > 0; i--) scheduler.set(`mirror-${i}`, start + i);
    await Promise.resolve();
    expect(clock.armed).toBe(2);
    expect(clock.inner.pending).toBe(1);
    expect(clock.inner.nextDue).toBe(start + 1);
    await clock.inner.advance(2_000);
    expect(calls.flat()).toEqual(Array.from({ length: 2_000 }, (_, i) => `mirror-${i + 1}`));
  });

  test('a key can be moved to an earlier and to a later time', async () => {
    const { clock, calls, scheduler, start } = setUp();
    scheduler.start();
    scheduler.set('earlier', start + 50_000);
    scheduler.set('later', start + 10_000);
    scheduler.set('earlier', start + 1_000);
    scheduler.set('later', start + 20_000);
    await Promise.resolve();
    await clock.inner.advance(19_999);
    expect(calls).toEqual([['earlier']]);
    await clock.inner.advance(1);
    expect(calls).toEqual([['earlier'], ['later']]);
  });

  test('a removed key is not handed over, and no timer is left for nothing', async () => {
    const { clock, calls, scheduler, start } = setUp();
    scheduler.start();
    scheduler.set('debian', start + 10);
    expect(scheduler.remove('debian')).toBe(true);
    expect(scheduler.remove('debian')).toBe(false);
    expect(clock.inner.pending).toBe(0);
    await clock.inner.advance(minute);
    expect(calls).toEqual([]);
    scheduler.set('debian', clock.now() + 10);
    await clock.inner.advance(10);
    expect(calls).toEqual([['debian']]);
  });

  test('days ahead are waited for, with a look at the clock every minute', async () => {
    const { clock, calls, scheduler, start } = setUp();
    scheduler.start();
    scheduler.set('debian', start + 2 * 1_440 * minute);
    await clock.inner.advance(2 * 1_440 * minute - 1);
    expect(calls).toEqual([]);
    expect(clock.armed).toBe(2 * 1_440);
    await clock.inner.advance(1);
    expect(calls).toEqual([['debian']]);
  });

  test('start and stop can be repeated; a stopped scheduler keeps its keys and has no timer', async () => {
    const { clock, calls, scheduler, start } = setUp();
    scheduler.set('debian', start + 10);
    expect(clock.inner.pending).toBe(0);
    scheduler.start();
    scheduler.start();
    expect(clock.inner.pending).toBe(1);
    scheduler.stop();
    scheduler.stop();
    expect(clock.inner.pending).toBe(0);
    scheduler.set('ubuntu', start + 5);
    await clock.inner.advance(minute);
    expect(calls).toEqual([]);
    expect(new Map(scheduler.entries())).toEqual(
      new Map([
        ['debian', start + 10],
        ['ubuntu', start + 5],
      ]),
    );
    scheduler.start();
    await clock.inner.advance(0);
    expect(calls).toEqual([['ubuntu', 'debian']]);
  });

  test('`using` stops it', () => {
    const { clock, scheduler, start } = setUp();
    {
      using running = scheduler;
      running.start();
      running.set('debian', start + 10);
      expect(clock.inner.pending).toBe(1);
    }
    expect(clock.inner.pending).toBe(0);
  });

  test('stopping in the turn of a set, or while keys are handed over, leaves no timer', async () => {
    const { clock, scheduler, start } = setUp(() => {
      scheduler.stop();
    });
    scheduler.start();
    scheduler.set('later', start + 500);
    scheduler.set('debian', start + 10);
    scheduler.stop();
    await Promise.resolve();
    expect(clock.inner.pending).toBe(0);
    scheduler.start();
    await clock.inner.advance(10);
    expect(clock.inner.pending).toBe(0);
    expect(scheduler.at('later')).toBe(start + 500);
  });

  test('keys may be set again while they are handed over', async () => {
    const { clock, calls, scheduler, start } = setUp((keys) => {
      for (const key of keys) scheduler.set(key, clock.now() + (key === 'a' ? 20_000 : 10_000));
    });
    scheduler.set('a', start);
    scheduler.set('b', start);
    scheduler.start();
    await clock.inner.advance(20_000);
    expect(calls).toEqual([['a', 'b'], ['b'], ['a', 'b']]);
  });

  test('an onDue that throws is reported with the keys and stops nothing', async () => {
    const { clock, calls, messages, scheduler, start } = setUp(() => {
      throw new TypeError('no such mirror');
    });
    scheduler.start();
    scheduler.set('a', start + 1);
    scheduler.set('b', start + 1);
    scheduler.set('c', start + 2);
    await clock.inner.advance(2);
    expect(calls).toEqual([['a', 'b'], ['c']]);
    expect(messages).toEqual([
      'due jobs could not be handed over (a, b): no such mirror',
      'due jobs could not be handed over (c): no such mirror',
    ]);
  });

  test('without a logger it is a warning of the process', async () => {
    const clock = new FakeClock();
    const warnings: [string, string][] = [];
    const emitWarning = process.emitWarning.bind(process);
    process.emitWarning = (message: string | Error, name?: unknown): void =>
      void warnings.push([String(name), String(message)]);
    try {
      const scheduler = new Scheduler<string>({
        clock,
        onDue: () => {
          throw new TypeError('no such mirror');
        },
      });
      scheduler.start();
      scheduler.set('debian', 0);
      await clock.advance(0);
    } finally {
      process.emitWarning = emitWarning;
    }
    expect(warnings).toEqual([
      ['TunasyncScheduler', 'due jobs could not be handed over (debian): no such mirror'],
    ]);
  });

  test('a clock that is set forward is noticed within a minute', async () => {
    const { clock, calls, scheduler, start } = setUp();
    scheduler.start();
    scheduler.set('debian', start + 600 * minute);
    await clock.inner.advance(30_000);
    clock.skew = 700 * minute;
    await clock.inner.advance(30_000);
    expect(calls).toEqual([['debian']]);
  });

  test('a clock that is set back by years puts nothing off', async () => {
    const { clock, calls, messages, scheduler, start } = setUp();
    scheduler.start();
    scheduler.set('soon', start + 90_000);
    scheduler.set('debian', start + 10 * minute);
    clock.skew = -1_000_000 * minute;
    await clock.inner.advance(90_000);
    expect(calls).toEqual([['soon']]);
    expect(messages).toEqual(['the clock was set back by 60000000 s: the schedule moves along']);
    await clock.inner.advance(10 * minute - 90_000);
    expect(calls).toEqual([['soon'], ['debian']]);
  });

  test('a key that is set right after the clock was set back has the time that was asked for', async () => {
    const { clock, calls, scheduler, start } = setUp();
    scheduler.start();
    scheduler.set('debian', start + 10 * minute);
    clock.skew = -1_000 * minute;
    const asked = clock.now() + 5 * minute;
    scheduler.set('ubuntu', asked);
    expect(scheduler.at('ubuntu')).toBe(asked);
    await clock.inner.advance(5 * minute);
    expect(calls).toEqual([['ubuntu']]);
    await clock.inner.advance(5 * minute);
    expect(calls).toEqual([['ubuntu'], ['debian']]);
  });

  test('a clock that is set back a little is waited for', async () => {
    const { clock, calls, messages, scheduler, start } = setUp();
    scheduler.start();
    scheduler.set('debian', start + 10_000);
    clock.skew = -3_000;
    await clock.inner.advance(10_000);
    expect(calls).toEqual([]);
    await clock.inner.advance(3_000);
    expect(calls).toEqual([['debian']]);
    expect(messages).toEqual([]);
  });

  test('works on the clock of the machine', async () => {
    const due: string[] = [];
    using scheduler = new Scheduler<string>({ clock: systemClock, onDue: (keys) => due.push(...keys) });
    scheduler.start();
    scheduler.set('second', Date.now() + 20);
    scheduler.set('first', Date.now() + 5);
    await waitFor('both keys', () => due.length === 2);
    expect(due).toEqual(['first', 'second']);
  });
});

describe('onJump', () => {
  /** A scheduler whose keys are due at the next full hour, as cron would have it, when the clock is set. */
  function hourly(adapt: (scheduler: Scheduler<string>, now: number) => void) {
    const clock = new SettableClock(Date.parse('2026-11-23T12:30:00Z'));
    const seen: string[] = [];
    const text = (at: number): string => new Date(at).toISOString().slice(0, 16);
    const messages: string[] = [];
    const log = (message: string): void => void messages.push(message);
    const scheduler: Scheduler<string> = new Scheduler<string>({
      clock,
      onDue: (keys) => {
        for (const key of keys) seen.push(`${key} due ${text(clock.now())}`);
      },
      onJump: ({ from, to }) => {
        seen.push(`${text(from)} to ${text(to)}`);
        adapt(scheduler, clock.now());
      },
      logger: { warn: log, error: log },
    });
    return { clock, seen, messages, scheduler };
  }
  const nextHour = (now: number): number => (Math.floor(now / 3_600_000) + 1) * 3_600_000;

  test('a clock that is set forward: missed times can be left out', async () => {
    const { clock, seen, scheduler } = hourly((self, now) => {
      self.set('debian', nextHour(now));
    });
    scheduler.set('debian', Date.parse('2026-11-23T13:00:00Z'));
    scheduler.set('ubuntu', Date.parse('2026-11-23T13:00:00Z'));
    scheduler.start();
    clock.set(Date.parse('2026-11-23T15:10:00Z'));
    await clock.inner.advance(minute);
    expect(seen.splice(0)).toEqual(['2026-11-23T12:31 to 2026-11-23T15:11', 'ubuntu due 2026-11-23T15:11']);
    await clock.inner.advance(48 * minute);
    expect(seen).toEqual([]);
    await clock.inner.advance(minute);
    expect(seen).toEqual(['debian due 2026-11-23T16:00']);
  });

  test('a clock that is set back: times of day can be set again', async () => {
    const { clock, seen, scheduler } = hourly((self, now) => {
      self.set('debian', nextHour(now));
    });
    scheduler.set('debian', Date.parse('2026-11-23T13:00:00Z'));
    scheduler.set('ubuntu', Date.parse('2026-11-23T13:00:00Z'));
    scheduler.start();
    clock.set(Date.parse('2026-11-23T10:50:00Z'));
    await clock.inner.advance(minute);
    expect(seen.splice(0)).toEqual(['2026-11-23T12:31 to 2026-11-23T10:51']);
    await clock.inner.advance(9 * minute);
    expect(seen.splice(0)).toEqual(['debian due 2026-11-23T11:00']);
    // a minute late: it kept its distance from when it was noticed
    await clock.inner.advance(20 * minute);
    expect(seen).toEqual(['ubuntu due 2026-11-23T11:20']);
  });

  test('a jump that is noticed when a key is set is reported immediately, and once', async () => {
    const { clock, seen, scheduler } = hourly(() => undefined);
    scheduler.set('debian', Date.parse('2026-11-23T13:00:00Z'));
    scheduler.start();
    clock.set(Date.parse('2026-11-23T10:00:00Z'));
    scheduler.set('ubuntu', Date.parse('2026-11-23T11:00:00Z'));
    expect(seen).toEqual([]);
    await clock.inner.advance(0);
    expect(seen).toEqual(['2026-11-23T12:30 to 2026-11-23T10:00']);
    await clock.inner.advance(20 * minute);
    expect(seen).toHaveLength(1);
  });

  test('a listener may stop the scheduler, or fail', async () => {
    const stopping = hourly((self) => {
      self.stop();
    });
    const failing = hourly(() => {
      throw new RangeError('no such zone');
    });
    for (const { clock, scheduler } of [stopping, failing]) {
      scheduler.set('debian', Date.parse('2026-11-23T13:00:00Z'));
      scheduler.start();
      clock.set(Date.parse('2026-11-23T15:10:00Z'));
      await clock.inner.advance(minute);
    }
    expect(stopping.seen).toEqual(['2026-11-23T12:31 to 2026-11-23T15:11']);
    expect(stopping.clock.inner.pending).toBe(0);
    expect(failing.seen.at(-1)).toBe('debian due 2026-11-23T15:11');
    expect(failing.messages).toEqual([
      'the schedule could not be adapted to a clock that was set: no such zone',
    ]);
  });

  test('a timer that is late by less than a minute is no jump', async () => {
    const { clock, seen, scheduler } = hourly(() => undefined);
    scheduler.set('debian', clock.now() + 30_000);
    scheduler.start();
    clock.skew = 50_000;
    await clock.inner.advance(30_000);
    expect(seen).toEqual(['debian due 2026-11-23T12:31']);
  });
});

import { describe, expect, test } from '@jest/globals';
import { FakeClock } from '@tunasync/test-utils';
import {
  aborted,
  backoffMs,
  Deferred,
  KeyedSerialQueue,
  SerialQueue,
  sleep,
  withTimeout,
} from '../src/index.js';

/** Runs what already settled promises cause. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('sleep', () => {
  test('it ends when its time has passed, and leaves no timer', async () => {
    const clock = new FakeClock();
    let ended = false;
    const sleeping = sleep(clock, 1000).then(() => (ended = true));
    await clock.advance(999);
    await settled();
    expect(ended).toBe(false);
    await clock.advance(1);
    await sleeping;
    expect(clock.pending).toBe(0);
  });

  test('it ends with its signal, and leaves no timer', async () => {
    const clock = new FakeClock();
    const aborting = new AbortController();
    const sleeping = sleep(clock, 1000, aborting.signal);
    aborting.abort();
    await sleeping;
    expect(clock.pending).toBe(0);
  });

  test('it does not begin when its signal is aborted already', async () => {
    const clock = new FakeClock();
    await sleep(clock, 1000, AbortSignal.abort());
    expect(clock.pending).toBe(0);
  });
});

describe('withTimeout', () => {
  test('work that ends in time gives its result, and leaves no timer', async () => {
    const clock = new FakeClock();
    expect(await withTimeout(clock, 1000, Promise.resolve('result'))).toBe('result');
    await settled();
    expect(clock.pending).toBe(0);
  });

  test('work that takes too long gives undefined', async () => {
    const clock = new FakeClock();
    const waiting = withTimeout(clock, 1000, new Deferred<string>().promise);
    await clock.advance(1000);
    expect(await waiting).toBeUndefined();
  });

  test('work that fails rejects, and leaves no timer', async () => {
    const clock = new FakeClock();
    await expect(withTimeout(clock, 1000, Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    await settled();
    expect(clock.pending).toBe(0);
  });
});

describe('aborted', () => {
  test('it resolves with the abort, or at once after it', async () => {
    const aborting = new AbortController();
    const waiting = aborted(aborting.signal);
    aborting.abort();
    await expect(waiting).resolves.toBeUndefined();
    await expect(aborted(aborting.signal)).resolves.toBeUndefined();
  });
});

describe('Deferred', () => {
  test('the first call settles it', async () => {
    const resolved = new Deferred<number>();
    resolved.resolve(1);
    resolved.resolve(2);
    resolved.reject(new Error('late'));
    expect(await resolved.promise).toBe(1);
    const rejected = new Deferred<number>();
    rejected.reject(new Error('first'));
    rejected.resolve(1);
    await expect(rejected.promise).rejects.toThrow('first');
  });
});

describe('backoffMs', () => {
  test.each([
    [1, 0, 750],
    [1, 1, 1000],
    [2, 1, 2000],
    [5, 1, 16_000],
    [6, 1, 30_000],
    [1000, 1, 30_000],
    [1000, 0, 22_500],
  ])('after %i failures with a random number of %d it is %i ms', (failures, random, expected) => {
    expect(backoffMs(failures, { random: () => random })).toBe(expected);
  });

  test('the base and the maximum are options', () => {
    const options = { baseMs: 10, maxMs: 25, random: () => 1 };
    expect([1, 2, 3].map((failures) => backoffMs(failures, options))).toEqual([10, 20, 25]);
  });
});

describe('SerialQueue', () => {
  test('tasks run one after the other, also after one that fails', async () => {
    const queue = new SerialQueue();
    const log: string[] = [];
    const first = new Deferred();
    const one = queue.add(async () => {
      log.push('one starts');
      await first.promise;
      log.push('one ends');
      throw new Error('one failed');
    });
    const two = queue.add(() => {
      log.push('two');
      return 2;
    });
    await settled();
    expect(log).toEqual(['one starts']);
    first.resolve();
    await expect(one).rejects.toThrow('one failed');
    expect(await two).toBe(2);
    expect(log).toEqual(['one starts', 'one ends', 'two']);
  });
});

describe('KeyedSerialQueue', () => {
  test('tasks of one key wait for each other, those of another key do not', async () => {
    const queue = new KeyedSerialQueue<string>();
    const log: string[] = [];
    const gate = new Deferred();
    const one = queue.add('a', async () => {
      await gate.promise;
      log.push('a1');
      throw new Error('a1 failed');
    });
    const two = queue.add('a', () => log.push('a2'));
    await queue.add('b', () => log.push('b1'));
    expect(log).toEqual(['b1']);
    gate.resolve();
    await expect(one).rejects.toThrow('a1 failed');
    await two;
    expect(log).toEqual(['b1', 'a1', 'a2']);
  });

  test('a key without tasks takes no memory', async () => {
    const queue = new KeyedSerialQueue<string>();
    await Promise.all([queue.add('a', () => 1), queue.add('a', () => 2), queue.add('b', () => 3)]);
    await settled();
    expect(queue.size).toBe(0);
  });
});

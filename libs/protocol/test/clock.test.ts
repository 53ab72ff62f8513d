import { expect, test } from '@jest/globals';
import { systemClock } from '../src/index.js';

test('the machine clock fires once, after the delay', async () => {
  const start = systemClock.now();
  await new Promise<void>((resolve) => systemClock.after(5, resolve));
  expect(systemClock.now() - start).toBeGreaterThanOrEqual(4);
});

test('a cancelled timer does not fire, and neither does one with a delay beyond the limit of setTimeout', async () => {
  const fired: string[] = [];
  systemClock.after(1, () => fired.push('cancelled')).cancel();
  const month = systemClock.after(40 * 86_400_000, () => fired.push('month'));
  await new Promise<void>((resolve) => systemClock.after(20, resolve));
  month.cancel();
  expect(fired).toEqual([]);
});

import { expect, test } from '@jest/globals';
import { memoryRecords } from '../src/index.js';
import { newRecord } from '../src/job/report.js';
import { engineRig } from './support/engine-rig.js';

test('2,000 mirrors: what a job does costs the same however many others there are', async () => {
  const names = Array.from({ length: 2000 }, (_, n) => `m${n}`);
  const due = Date.parse('2026-11-23T13:00:00Z');
  const posts: (() => unknown[])[] = [];
  const rig = engineRig(names, {
    concurrent: 50,
    records: memoryRecords(names.map((name) => ({ ...newRecord(name), nextDue: due }))),
    reports: {
      status: () => undefined,
      // as a sink does that posts at most once a second: the schedule is not asked for here
      scheduleChanged: (current) => void posts.push(current),
    },
  });
  await rig.worker.start();
  await rig.clock.advance(due - rig.clock.now());
  // what others take of a busy machine does not count
  const begin = process.cpuUsage();
  for (let round = 0; round < 40; round++) {
    for (const execution of rig.executor.running) execution.end();
    await rig.settle();
  }
  // 2,000 runs; a second each would be 2,000 s
  expect(process.cpuUsage(begin).user / 1000).toBeLessThan(4000);
  expect(rig.executor.started).toHaveLength(2000);
  expect(rig.worker.jobs().every(({ state }) => state === 'ready')).toBe(true);
  expect(posts.at(-1)?.()).toHaveLength(2000);
  await rig.worker.stop();
});

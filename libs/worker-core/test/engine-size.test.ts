import { expect, test } from '@jest/globals';
import { memoryState } from '../src/index.js';
import { newRecord } from '../src/job/report.js';
import { engineRig } from './support/engine-rig.js';

// what it costs is measured by `npm run bench`; a cost that grew with the number of mirrors would not end in time here
test('2,000 mirrors are run once each, and are all scheduled again', async () => {
  const names = Array.from({ length: 2000 }, (_, n) => `m${n}`);
  const due = Date.parse('2026-11-23T13:00:00Z');
  const posts: (() => unknown[])[] = [];
  const rig = engineRig(names, {
    concurrent: 50,
    state: memoryState(names.map((name) => ({ ...newRecord(name), nextDue: due }))),
    reports: {
      status: () => undefined,
      // as a sink does that posts at most once a second: the schedule is not asked for here
      scheduleChanged: (current) => void posts.push(current),
    },
  });
  await rig.worker.start();
  await rig.clock.advance(due - rig.clock.now());
  for (let round = 0; round < 40; round++) {
    for (const execution of rig.executor.running) execution.end();
    await rig.settle();
  }
  expect(rig.executor.started).toHaveLength(2000);
  expect(rig.worker.jobs().every(({ state }) => state === 'ready')).toBe(true);
  expect(posts.at(-1)?.()).toHaveLength(2000);
  await rig.worker.stop();
});

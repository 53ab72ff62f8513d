import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { ReportSink } from '../src/index.js';
import { engineRig } from './support/engine-rig.js';
import { fakeProvider } from './support/fake-provider.js';
import { configOf, mirrorOf } from './support/mirror.js';

const names = ['a', 'b', 'c', 'd'];
const slots = 2;

const mirror = fc.constantFrom(...names);
const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('command' as const),
      mirror,
      verb: fc.constantFrom('start', 'restart', 'stop', 'disable', 'ping'),
      force: fc.boolean(),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('end' as const), mirror, code: fc.constantFrom(0, 0, 1, 5) }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('wait' as const),
      ms: fc.constantFrom(0, 0, 500, 1500, 45_000, 3_600_000),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('change' as const), mirror, salt: fc.nat(1000) }) },
  // takes a mirror out of the configuration, or brings it back
  { weight: 2, arbitrary: fc.record({ do: fc.constant('toggle' as const), mirror }) },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** What the last commands want of each mirror that is configured at the end. */
function wanted(steps: readonly Step[]): Map<string, string> {
  const modes = new Map(names.map((name) => [name, 'active']));
  for (const taken of steps) {
    if (taken.do === 'toggle') {
      if (!modes.delete(taken.mirror)) modes.set(taken.mirror, 'active');
    }
    if (taken.do !== 'command' || !modes.has(taken.mirror)) continue;
    const { mirror: name, verb } = taken;
    if (verb === 'start' || verb === 'restart') modes.set(name, 'active');
    if (verb === 'disable') modes.set(name, 'disabled');
    if (verb === 'stop' && modes.get(name) === 'active') modes.set(name, 'paused');
  }
  return modes;
}

async function play(steps: readonly Step[], killTakesMs: number): Promise<void> {
  let current: Parameters<ReportSink['scheduleChanged']>[0] = () => [];
  const told = new Map<string, string>();
  const lastCodes = new Map<string, number>();
  const values = { retry: 2, retryDelaySeconds: 10, retryDelayMaxSeconds: 20 };
  const mirrors = new Map(names.map((name) => [name, mirrorOf(name, values)]));
  const rig = engineRig([...mirrors.values()], {
    concurrent: slots,
    // exit code 5 is an upstream that turns us away
    providers: [fakeProvider({ reasonOf: (code) => (code === 5 ? 'upstream-refused' : undefined) })],
    reports: {
      status: ({ name, status }) => void told.set(name, status),
      scheduleChanged: (now) => {
        current = now;
      },
    },
  });
  rig.executor.killTakesMs = killTakesMs;
  await rig.worker.start();
  for (const taken of steps) {
    switch (taken.do) {
      case 'command':
        await rig.worker.command({ verb: taken.verb, mirror: taken.mirror, force: taken.force });
        break;
      case 'end':
        for (const execution of rig.executor.running) {
          if (execution.mirror !== taken.mirror || execution.terminations > 0) continue;
          lastCodes.set(taken.mirror, taken.code);
          execution.end(taken.code);
        }
        break;
      case 'wait':
        await rig.clock.advance(taken.ms);
        break;
      case 'change':
        if (!mirrors.has(taken.mirror)) break;
        mirrors.set(taken.mirror, mirrorOf(taken.mirror, { ...values, rsyncTimeout: taken.salt }));
        await rig.worker.reload(configOf([...mirrors.values()]));
        break;
      case 'toggle':
        if (!mirrors.delete(taken.mirror)) mirrors.set(taken.mirror, mirrorOf(taken.mirror, values));
        await rig.worker.reload(configOf([...mirrors.values()]));
        break;
    }
    expect(rig.executor.doubled).toEqual([]);
  }

  // lets everything come to its end
  for (let round = 0; round < 3 * names.length; round++) {
    await rig.settle();
    await rig.clock.advance(killTakesMs);
    for (const execution of rig.executor.running) {
      lastCodes.set(execution.mirror, 0);
      execution.end(0);
    }
    await rig.settle();
    await rig.clock.advance(50_000);
  }
  expect((await rig.worker.facts()).running).toBe(0);
  expect(new Set((await rig.state.load()).keys())).toEqual(new Set(mirrors.keys()));
  expect(new Set(rig.worker.jobs().map(({ name }) => name))).toEqual(new Set(mirrors.keys()));
  const scheduled = current().map(({ name }) => name);
  for (const [name, mode] of wanted(steps)) {
    expect([name, rig.job(name).state]).toEqual([name, mode === 'active' ? 'ready' : mode]);
    expect([name, scheduled.includes(name)]).toEqual([name, mode === 'active']);
    const result = lastCodes.get(name) === 0 ? 'success' : 'failed';
    expect([name, told.get(name)]).toEqual([name, mode === 'active' ? result : mode]);
  }
  expect(rig.executor.doubled).toEqual([]);

  // no slot was lost: as many as there are can run again
  for (const name of names) await rig.worker.command({ verb: 'start', mirror: name });
  await rig.settle();
  expect(rig.executor.running).toHaveLength(Math.min(slots, mirrors.size));
  const stopping = rig.worker.stop();
  await rig.settle();
  await rig.clock.advance(killTakesMs);
  await stopping;
  expect(rig.executor.running).toEqual([]);
  expect(rig.clock.pending).toBe(0);
}

describe('any sequence of commands, ends, waits and reloads', () => {
  test('leaves one run a mirror at most, each in the state that was asked for, and none forgotten', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 1, maxLength: 40, size: 'max' }),
        fc.constantFrom(0, 1500),
        play,
      ),
      { numRuns: 150 },
    );
  }, 60_000);
});

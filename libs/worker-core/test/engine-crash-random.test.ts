import { expect, test } from '@jest/globals';
import { memoryLogger } from '@tunasync/logger';
import type { MirrorStatus, RunRecord } from '@tunasync/protocol';
import { FakeClock } from '@tunasync/test-utils';
import fc from 'fast-check';
import { createWorker, type JobRecord, type Worker } from '../src/index.js';
import { FakeExecutor } from './support/fake-executor.js';
import { fakeProvider } from './support/fake-provider.js';
import { configOf, mirrorOf } from './support/mirror.js';
import { Life } from './support/mortal.js';

const names = ['a', 'b', 'c'];
const slots = 2;
const mirror = fc.constantFrom(...names);
const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('command' as const),
      mirror,
      verb: fc.constantFrom('start', 'restart', 'stop', 'disable'),
      force: fc.boolean(),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('end' as const), mirror, code: fc.constantFrom(0, 1, 5) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('wait' as const),
      ms: fc.constantFrom(0, 1000, 45_000, 3_600_000),
    }),
  },
  // with how many turns of the event loop the worker gets before
  { weight: 3, arbitrary: fc.record({ do: fc.constant('crash' as const), turns: fc.nat(12) }) },
);

/** A machine on which workers come and go. */
class Machine {
  readonly clock = new FakeClock();
  readonly executor = new FakeExecutor(this.clock);
  readonly disk = new Map<string, JobRecord>();
  readonly runs: RunRecord[] = [];
  readonly told = new Map<string, MirrorStatus>();
  worker: Worker;
  #life = new Life();

  constructor() {
    this.worker = this.#begin();
  }

  async crash(): Promise<void> {
    this.#life.over = true;
    this.#life = new Life();
    this.worker = this.#begin();
    await this.worker.start();
  }

  #begin(): Worker {
    const life = this.#life;
    const mirrors = names.map((name) => mirrorOf(name, { retry: 2, intervalMinutes: 14_400 }));
    return createWorker({
      config: configOf(mirrors, { concurrent: slots }),
      clock: life.clock(this.clock),
      executor: life.executor(this.executor),
      records: life.records(this.disk),
      logger: memoryLogger(),
      hooks: [],
      providers: [
        fakeProvider({ stages: 2, reasonOf: (code) => (code === 5 ? 'upstream-refused' : undefined) }),
      ],
      random: () => 0.5,
      reports: {
        status: (report) => {
          if (!life.over) this.told.set(report.name, report);
        },
        run: (record) => {
          if (!life.over) this.runs.push(record);
        },
        scheduleChanged: () => undefined,
      },
    });
  }
}

test('crashes at any moment leave one run a mirror at most, each in the state that was asked for, and each with one record', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 30, size: 'max' }), async (steps) => {
      const machine = new Machine();
      const { clock, executor } = machine;
      const modes = new Map(names.map((name) => [name, 'active']));
      await machine.worker.start();
      for (const taken of steps) {
        if (taken.do === 'command') {
          await machine.worker.command({ verb: taken.verb, mirror: taken.mirror, force: taken.force });
          const before = modes.get(taken.mirror);
          if (taken.verb === 'disable') modes.set(taken.mirror, 'disabled');
          else if (taken.verb === 'stop') modes.set(taken.mirror, before === 'disabled' ? before : 'paused');
          else modes.set(taken.mirror, 'active');
        } else if (taken.do === 'end') {
          for (const execution of executor.running) {
            if (execution.mirror === taken.mirror && execution.terminations === 0) execution.end(taken.code);
          }
        } else if (taken.do === 'wait') await clock.advance(taken.ms);
        else {
          for (let turn = 0; turn < taken.turns; turn++) await Promise.resolve();
          await machine.crash();
        }
        expect(executor.doubled).toEqual([]);
      }
      for (let round = 0; round < 8 * names.length; round++) {
        await clock.advance(0);
        for (const execution of executor.running) execution.end(0);
        await clock.advance(200_000);
      }
      expect(executor.doubled).toEqual([]);
      for (const name of names) {
        const job = machine.worker.jobs().find((one) => one.name === name);
        const wanted = modes.get(name);
        expect([name, job?.state]).toEqual([name, wanted === 'active' ? 'ready' : wanted]);
        const told = machine.told.get(name)?.status;
        expect(wanted === 'active' ? ['success', 'failed'] : [wanted]).toContain(told);
        if (wanted === 'active') expect(job?.nextDue).toBeGreaterThan(0);
        expect([name, machine.disk.get(name)?.run]).toEqual([name, null]);
      }
      // told more than once means told the same
      const byId = new Map<string, RunRecord>();
      for (const record of machine.runs) {
        expect(byId.get(record.id) ?? record).toEqual(record);
        byId.set(record.id, record);
      }
      await machine.worker.stop();
      expect(executor.running).toEqual([]);
    }),
    { numRuns: 150 },
  );
}, 60_000);

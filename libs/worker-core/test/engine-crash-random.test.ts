import { expect, test } from '@jest/globals';
import { memoryLogger } from '@tunasync/logger';
import type { RunRecord, SyncStatus } from '@tunasync/protocol';
import { FakeClock } from '@tunasync/test-utils';
import fc from 'fast-check';
import { createWorker, type JobRecord, type Worker } from '../src/index.js';
import { FakeExecutor } from './support/fake-executor.js';
import { fakeProvider } from './support/fake-provider.js';
import { configOf, mirrorOf } from './support/mirror.js';
import { Life, type Disk } from './support/mortal.js';

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

/** Turns of the event loop that a write takes. */
const turns = fc.constantFrom(0, 1, 4, 12, 40);

/** A machine on which workers come and go. */
class Machine {
  readonly clock = new FakeClock();
  readonly executor = new FakeExecutor(this.clock);
  readonly disk: Disk = { records: new Map(), reports: [] };
  /** Ids of all runs of which anything was ever on disk. */
  readonly begun = new Set<string>();
  worker: Worker;
  #life = new Life();
  readonly #turns: number;

  /** @param turns - of the event loop, that a write takes */
  constructor(turns: number) {
    this.#turns = turns;
    const { records } = this.disk;
    records.set = (name, record) => {
      if (record.run !== null) this.begun.add(record.run.id);
      return Map.prototype.set.call(records, name, record) as Map<string, JobRecord>;
    };
    this.worker = this.#begin();
  }

  /** Records of finished runs that were written down, in order. */
  get runs(): RunRecord[] {
    return this.disk.reports.flatMap((report) => (report.kind === 'run' ? [report.run] : []));
  }

  /** The status of a mirror that was written down last. */
  told(mirror: string): SyncStatus | undefined {
    const statuses = this.disk.reports.flatMap((report) => (report.kind === 'status' ? [report.status] : []));
    return statuses.findLast(({ name }) => name === mirror)?.status;
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
      state: life.state(this.disk, this.#turns),
      logger: memoryLogger(),
      hooks: [],
      providers: [
        fakeProvider({ stages: 2, reasonOf: (code) => (code === 5 ? 'upstream-refused' : undefined) }),
      ],
      random: () => 0.5,
    });
  }
}

test('crashes at any moment leave one run a mirror at most, each in the state that was asked for, and each with one record', async () => {
  await fc.assert(
    fc.asyncProperty(
      turns,
      fc.array(step, { minLength: 3, maxLength: 30, size: 'max' }),
      async (slow, steps) => {
        const machine = new Machine(slow);
        const { clock, executor } = machine;
        const modes = new Map(names.map((name) => [name, 'active']));
        await machine.worker.start();
        for (const taken of steps) {
          if (taken.do === 'command') {
            await machine.worker.command({ verb: taken.verb, mirror: taken.mirror, force: taken.force });
            const before = modes.get(taken.mirror);
            if (taken.verb === 'disable') modes.set(taken.mirror, 'disabled');
            else if (taken.verb === 'stop')
              modes.set(taken.mirror, before === 'disabled' ? before : 'paused');
            else modes.set(taken.mirror, 'active');
          } else if (taken.do === 'end') {
            for (const execution of executor.running) {
              if (execution.mirror === taken.mirror && execution.terminations === 0)
                execution.end(taken.code);
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
          const told = machine.told(name);
          expect(wanted === 'active' ? ['success', 'failed'] : [wanted]).toContain(told);
          if (wanted === 'active') expect(job?.nextDue).toBeGreaterThan(0);
          expect([name, machine.disk.records.get(name)?.run]).toEqual([name, null]);
        }
        // each is written down once
        expect(machine.runs.map(({ id }) => id).sort()).toEqual([...machine.begun].sort());
        await machine.worker.stop();
        expect(executor.running).toEqual([]);
      },
    ),
    { numRuns: Number(process.env['CRASH_RUNS'] ?? 150) },
  );
}, 600_000);

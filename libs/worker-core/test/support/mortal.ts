import type { Execution, Executor } from '@tunasync/executors';
import type { Clock } from '@tunasync/protocol';
import { memoryRecords, type JobRecord, type RecordStore } from '../../src/index.js';
import type { FakeExecutor } from './fake-executor.js';

/** A life that can be ended as `kill -9` does: from then on nothing that belongs to it does anything any more. */
export class Life {
  over = false;

  /** A clock whose timers die with it. */
  clock(clock: Clock): Clock {
    return {
      now: () => clock.now(),
      after: (ms, fire, options) =>
        clock.after(
          ms,
          () => {
            if (!this.over) fire();
          },
          options,
        ),
    };
  }

  /** What it starts goes on without it, and it sees no end of it. */
  executor(executor: FakeExecutor): Executor {
    const ofThisLife = (execution: Execution): Execution => ({
      handle: execution.handle,
      exit: execution.exit.then((exit) => (this.over ? never() : exit)),
      terminate: async (graceMs) => (this.over ? undefined : execution.terminate(graceMs)),
    });
    return {
      name: executor.name,
      foresee: (context) => executor.foresee(context),
      start: async (spec, context) => {
        if (this.over) return never();
        const execution = await executor.start(spec, context);
        executor.known.set(context.id, executor.of(context.mirror));
        return ofThisLife(execution);
      },
      attach: async (handle) => {
        const found = await executor.attach(handle);
        return found && ofThisLife(found);
      },
      cleanup: async (handle) => {
        if (this.over) return;
        executor.known.delete(String(handle['id']));
        await executor.cleanup(handle);
      },
    };
  }

  /** Records on a disk that outlives it. */
  records(disk: Map<string, JobRecord>): RecordStore {
    const records = memoryRecords(disk.values());
    return {
      ...records,
      put: (record) => {
        if (this.over) return;
        disk.set(record.name, structuredClone(record));
        records.put(record);
      },
      remove: (name) => {
        if (this.over) return;
        disk.delete(name);
        records.remove(name);
      },
    };
  }
}

function never<T>(): Promise<T> {
  return new Promise<T>(() => undefined);
}

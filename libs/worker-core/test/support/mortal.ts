import type { Execution, Executor } from '@tunasync/executors';
import type { Clock } from '@tunasync/protocol';
import { memoryState, type JobRecord, type Report, type WorkerState } from '../../src/index.js';
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

  /**
   * A state on a disk that outlives it.
   *
   * @param turns - of the event loop, that a write takes
   */
  state(disk: Disk, turns: number): WorkerState {
    const writer = new SlowWriter(this, turns);
    return {
      ...memoryState(disk.records.values()),
      commit: ({ record, removed, reports = [] }) => {
        const written = structuredClone({ record, reports });
        writer.put(() => {
          if (removed !== undefined) disk.records.delete(removed);
          if (written.record !== undefined) disk.records.set(written.record.name, written.record);
          disk.reports.push(...written.reports);
        });
        return { reports: [], kept: writer.flush() };
      },
      settled: () => writer.flush(),
    };
  }
}

/** What outlives a worker. */
export interface Disk {
  readonly records: Map<string, JobRecord>;
  /** Reports that were written down, in order. */
  readonly reports: Report[];
}

/** Writes as the real one does: all that came while the last write was under way at once, or not at all. */
class SlowWriter {
  readonly #life: Life;
  readonly #turns: number;
  #pending: (() => void)[] = [];
  #underWay: Promise<void> | undefined;

  constructor(life: Life, turns: number) {
    this.#life = life;
    this.#turns = turns;
  }

  put(write: () => void): void {
    this.#pending.push(write);
    this.#underWay ??= this.#write();
  }

  /** Resolves when all that was put so far is on disk. */
  async flush(): Promise<void> {
    await this.#underWay;
    await this.#underWay;
  }

  async #write(): Promise<void> {
    await Promise.resolve();
    const batch = this.#pending;
    this.#pending = [];
    for (let turn = 0; turn < this.#turns; turn++) await Promise.resolve();
    this.#underWay = undefined;
    if (this.#life.over) return never();
    for (const write of batch) write();
    if (this.#pending.length > 0) this.#underWay = this.#write();
  }
}

function never<T>(): Promise<T> {
  return new Promise<T>(() => undefined);
}

import { memoryState, type JobRecord, type StateChange, type WorkerState } from '../../src/index.js';

/** A state on a disk that writes at once, or, while it is held, when the test says so. */
export class HeldState implements WorkerState {
  readonly durable = true;
  /** All changes, in the order of the calls. */
  readonly changes: StateChange[] = [];
  /** What is on disk. */
  readonly #disk: WorkerState;
  readonly #waiting: (() => void)[] = [];
  #last: Promise<void> | undefined;
  #held = false;
  #seq = 0;

  constructor(initial: Iterable<JobRecord> = []) {
    this.#disk = memoryState(initial);
  }

  /** Nothing is written any more. */
  hold(): void {
    this.#held = true;
  }

  /** Writes what waits, in order, and all that follows. */
  release(): void {
    this.#held = false;
    for (const write of this.#waiting.splice(0)) write();
  }

  /** Changes that wait. */
  get waiting(): number {
    return this.#waiting.length;
  }

  load(): Promise<Map<string, JobRecord>> {
    return this.#disk.load();
  }

  openOutbox(managers: readonly string[]): ReturnType<WorkerState['openOutbox']> {
    return this.#disk.openOutbox(managers);
  }

  commit(change: StateChange): ReturnType<WorkerState['commit']> {
    const taken = structuredClone(change);
    this.changes.push(taken);
    const reports = (taken.reports ?? []).map((report) => ({ seq: ++this.#seq, report }));
    if (!this.#held) {
      this.#disk.commit(taken);
      return { reports, kept: undefined };
    }
    const kept = new Promise<void>((resolve) => {
      this.#waiting.push(() => {
        this.#disk.commit(taken);
        resolve();
      });
    });
    this.#last = kept;
    return { reports, kept };
  }

  acknowledge(): void {
    // its outbox is not looked at
  }

  settled(): Promise<void> | undefined {
    return this.#last;
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

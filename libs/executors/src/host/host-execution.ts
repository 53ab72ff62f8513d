import type { Execution, ExecutionHandle, ExitResult } from '../executor/interfaces.js';
import type { ProcessEnder } from '../process/process-ender.js';

/** Time between SIGTERM and SIGKILL, in milliseconds. */
const defaultGraceMs = 2_000;

/** Options of {@link HostExecution}. */
export interface HostExecutionParts {
  handle: ExecutionHandle;
  /** Ends what there may be of it. */
  ender: ProcessEnder;
  /** The command's own end; the processes that it left running are ended then. */
  ended: Promise<ExitResult>;
  /** Called with the command's result when nothing is left of it; never rejects. */
  settle: (result: ExitResult) => Promise<ExitResult>;
  /** When it ended, where that was before it was found. */
  endedAt?: number | undefined;
  /** Pids that belong to it now. */
  processes: () => readonly number[];
}

/** A command that runs as processes of this machine. */
export class HostExecution implements Execution {
  readonly handle: ExecutionHandle;
  readonly exit: Promise<ExitResult>;
  readonly endedAt?: number;
  readonly #ender: ProcessEnder;
  readonly #processes: () => readonly number[];
  #terminated = false;
  #over = false;

  constructor({ handle, ender, ended, settle, endedAt, processes }: HostExecutionParts) {
    this.handle = handle;
    if (endedAt !== undefined) this.endedAt = endedAt;
    this.#ender = ender;
    this.#processes = processes;
    this.exit = ended.then(async (result) => {
      await ender.sweep(defaultGraceMs);
      this.#over = true;
      return settle(result);
    });
  }

  processes(): Promise<readonly number[]> {
    return Promise.resolve(this.#over ? [] : this.#processes());
  }

  async terminate(graceMs = defaultGraceMs): Promise<void> {
    if (!this.#terminated) {
      this.#terminated = true;
      this.#ender.terminate(graceMs);
    }
    await this.exit;
  }
}

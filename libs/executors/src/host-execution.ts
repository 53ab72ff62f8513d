import type { Execution, ExecutionHandle, ExitResult } from './interfaces.js';
import type { ProcessGroup } from './process-group.js';

/** Time between SIGTERM and SIGKILL, in milliseconds. */
const defaultGraceMs = 2_000;

/** A command that runs in a process group of this machine. */
export class HostExecution implements Execution {
  readonly handle: ExecutionHandle;
  readonly exit: Promise<ExitResult>;
  readonly #group: ProcessGroup | undefined;
  #terminated = false;

  /**
   * @param group - undefined when nothing can be left of it
   * @param ended - the command's own end; what it left behind in its group is ended then
   */
  constructor(handle: ExecutionHandle, group: ProcessGroup | undefined, ended: Promise<ExitResult>) {
    this.handle = handle;
    this.#group = group;
    this.exit = ended.then(async (result) => {
      await group?.sweep(defaultGraceMs);
      return result;
    });
  }

  async terminate(graceMs = defaultGraceMs): Promise<void> {
    if (!this.#terminated) {
      this.#terminated = true;
      this.#group?.terminate(graceMs);
    }
    await this.exit;
  }
}

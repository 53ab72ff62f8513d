import { createHash } from 'node:crypto';
import { resolve } from 'node:path';

/** Variable by which the processes of one execution are known again after a crash. */
export const markerName = 'TUNASYNC_EXECUTION';

/** Names the processes of executions; two executors over one state folder make the same names. */
export class Markers {
  readonly #owner: string;

  /** @param stateDir - distinguishes the executions of several workers on one machine */
  constructor(stateDir: string) {
    this.#owner = `@${createHash('sha256').update(resolve(stateDir)).digest('hex').slice(0, 16)}`;
  }

  /** The marker of an execution. */
  of(id: string): string {
    return id + this.#owner;
  }

  /** Whether an environment is that of a command that was started over this state folder. */
  isOurs(environment: readonly string[]): boolean {
    return environment.some(
      (assignment) => assignment.startsWith(`${markerName}=`) && assignment.endsWith(this.#owner),
    );
  }
}

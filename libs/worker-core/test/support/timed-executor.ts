import type {
  CommandSpec,
  Execution,
  ExecutionContext,
  ExecutionHandle,
  Executor,
} from '@tunasync/executors';
import type { Clock } from '@tunasync/protocol';

/** Runs commands that take their time by the clock, and then succeed. Keeps nothing of what is over. */
export class TimedExecutor implements Executor {
  readonly name = 'timed';
  readonly #clock: Clock;
  readonly #lastsMs: (mirror: string) => number;

  /** @param lastsMs - how long a mirror's next command runs */
  constructor(clock: Clock, lastsMs: (mirror: string) => number) {
    this.#clock = clock;
    this.#lastsMs = lastsMs;
  }

  start(_: CommandSpec, { id, mirror }: ExecutionContext): Promise<Execution> {
    let end: () => void = () => undefined;
    const exit = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
      const timer = this.#clock.after(this.#lastsMs(mirror), () => {
        resolve({ code: 0, signal: null });
      });
      end = () => {
        timer.cancel();
        resolve({ code: null, signal: 'SIGTERM' });
      };
    });
    return Promise.resolve({
      handle: { executor: this.name, id },
      exit,
      terminate: () => {
        end();
        return exit.then(() => undefined);
      },
    });
  }

  attach(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  foresee({ id }: ExecutionContext): ExecutionHandle {
    return { executor: this.name, id };
  }

  cleanup(): Promise<void> {
    return Promise.resolve();
  }
}

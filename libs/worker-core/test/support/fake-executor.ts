import type {
  CommandSpec,
  Execution,
  ExecutionContext,
  ExecutionHandle,
  ExitResult,
  Executor,
} from '@tunasync/executors';
import type { Clock } from '@tunasync/protocol';

/** A command that a {@link FakeExecutor} runs: it goes on until the test, or a termination, ends it. */
export class FakeExecution implements Execution {
  readonly mirror: string;
  readonly spec: CommandSpec;
  readonly handle: ExecutionHandle;
  readonly exit: Promise<ExitResult>;
  /** How often it was told to end. */
  terminations = 0;
  gone = false;
  readonly #clock: Clock;
  readonly #lastsMs: number;
  #resolve: (exit: ExitResult) => void = () => undefined;

  constructor(spec: CommandSpec, context: ExecutionContext, clock: Clock, lastsMs: number) {
    this.mirror = context.mirror;
    this.spec = spec;
    this.handle = { executor: 'fake', id: context.id };
    this.#clock = clock;
    this.#lastsMs = lastsMs;
    this.exit = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  /** The command ends by itself. */
  end(code = 0): void {
    this.#end({ code, signal: null });
  }

  async terminate(): Promise<void> {
    if (this.terminations++ === 0) {
      const left = this.#lastsMs;
      if (left === 0) this.#end({ code: null, signal: 'SIGTERM' });
      else
        this.#clock.after(left, () => {
          this.#end({ code: null, signal: 'SIGKILL' });
        });
    }
    await this.exit;
  }

  #end(exit: ExitResult): void {
    this.gone = true;
    this.#resolve(exit);
  }
}

/** Runs nothing, and remembers what it was asked to run. */
export class FakeExecutor implements Executor {
  readonly name = 'fake';
  /** Everything that was started, in order. */
  readonly started: FakeExecution[] = [];
  /** Handles that were cleared up. */
  readonly cleaned: ExecutionHandle[] = [];
  /** Milliseconds that commands take to end when they are told to. */
  killTakesMs = 0;
  /** Why nothing can be started. */
  broken: Error | undefined;
  /** What an earlier process started, by id: {@link attach} finds these. */
  readonly known = new Map<string, FakeExecution>();
  /** Why nothing can be found again. */
  blind: Error | undefined;
  /** Mirrors of which two commands were under way at the same time: there must never be any. */
  readonly doubled: string[] = [];
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Commands that are under way. */
  get running(): FakeExecution[] {
    return this.started.filter(({ gone }) => !gone);
  }

  /** The newest command of a mirror. */
  of(mirror: string): FakeExecution {
    const found = this.started.findLast((execution) => execution.mirror === mirror);
    if (found === undefined) throw new RangeError(`nothing was started for ${mirror}`);
    return found;
  }

  start(spec: CommandSpec, context: ExecutionContext): Promise<Execution> {
    if (this.broken !== undefined) return Promise.reject(this.broken);
    if (this.running.some(({ mirror }) => mirror === context.mirror)) this.doubled.push(context.mirror);
    const execution = new FakeExecution(spec, context, this.#clock, this.killTakesMs);
    this.started.push(execution);
    return Promise.resolve(execution);
  }

  attach(handle: ExecutionHandle): Promise<Execution | undefined> {
    if (this.blind !== undefined) return Promise.reject(this.blind);
    return Promise.resolve(this.known.get(String(handle['id'])));
  }

  foresee({ id }: ExecutionContext): ExecutionHandle {
    return { executor: 'fake', id };
  }

  /** Lets a command run that an earlier process started. */
  survivor(mirror: string, id: string): FakeExecution {
    const spec: CommandSpec = { argv: [mirror], cwd: '/', env: {}, logFile: '/nowhere/old.log' };
    const execution = new FakeExecution(spec, { mirror, id }, this.#clock, this.killTakesMs);
    this.known.set(id, execution);
    this.started.push(execution);
    return execution;
  }

  cleanup(handle: ExecutionHandle): Promise<void> {
    this.cleaned.push(handle);
    return Promise.resolve();
  }
}

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { closeSync, constants, openSync, readSync } from 'node:fs';
import { access, readFile, writeFile } from 'node:fs/promises';
import { constants as system } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type {
  CommandSpec,
  Execution,
  ExecutionContext,
  ExecutionHandle,
  Executor,
  ExitResult,
} from '../executor/interfaces.js';

const runFile = promisify(execFile);

/** An executor that a contract test may use, and how to get rid of it. */
export interface ExecutorUnderTest {
  executor: Executor;
  /** Another executor over the same state, as the next process would make it. */
  reopen(): Promise<Executor> | Executor;
  /** An empty folder that the commands see under the same path. */
  folder: string;
  /** The executor's context, except mirror and id. @defaultValue empty */
  context?: Omit<ExecutionContext, 'mirror' | 'id'>;
  /**
   * How the executor reports a death by signal: by the signal's name, or, where it learns no more, as exit code
   * 128 + n.
   * @defaultValue 'name'
   */
  deaths?: 'name' | 'code';
  /**
   * Whether standard output and standard error reach the log separately, so that only each of them keeps its
   * order.
   * @defaultValue false
   */
  separateOutputs?: boolean;
  /** Ends what is left and removes the folder. */
  dispose(): Promise<void>;
}

/** Declares one test of the contract. */
export type Test = (title: string, body: (bench: Bench) => Promise<void>) => void;

/** One test's executor and the means to look at what its commands do. */
export class Bench {
  readonly #given: ExecutorUnderTest;
  readonly log: string;
  #count = 0;

  constructor(given: ExecutorUnderTest) {
    this.#given = given;
    this.log = this.path('log', 'run.log');
  }

  get executor(): Executor {
    return this.#given.executor;
  }

  get separateOutputs(): boolean {
    return this.#given.separateOutputs === true;
  }

  path(...parts: string[]): string {
    return join(this.#given.folder, ...parts);
  }

  reopen(): Promise<Executor> | Executor {
    return this.#given.reopen();
  }

  /** The context of the next command, unless {@link start} gets another one. */
  nextContext(): ExecutionContext {
    return { mirror: 'debian', id: `debian-${++this.#count}`, ...this.#given.context };
  }

  /** Asserts that a signal ended a command. */
  assertDeath(exit: ExitResult | undefined, signal: NodeJS.Signals): void {
    const asCode = this.#given.deaths === 'code' && exit?.signal === null;
    const code = 128 + system.signals[signal];
    assert.deepEqual(exit, asCode ? { code, signal: null } : { code: null, signal });
  }

  start(
    argv: CommandSpec['argv'],
    more: Partial<CommandSpec> = {},
    context = this.nextContext(),
  ): Promise<Execution> {
    return this.executor.start(
      { argv, cwd: this.path('work'), env: {}, logFile: this.log, ...more },
      context,
    );
  }

  sh(script: string, more: Partial<CommandSpec> = {}, context = this.nextContext()): Promise<Execution> {
    return this.start(['sh', '-c', script, 'sh', this.path()], more, context);
  }

  async run(script: string, more: Partial<CommandSpec> = {}): Promise<ExitResult> {
    return (await this.sh(script, more)).exit;
  }

  /** Runs a script for another mirror than the others, so that several may run at the same time. */
  async runBeside(mirror: string, script: string): Promise<ExitResult> {
    return (await this.sh(script, {}, { ...this.nextContext(), mirror })).exit;
  }

  logText(): Promise<string> {
    return readFile(this.log, 'utf8');
  }

  /** Makes a file that a command waits for. */
  async make(name: string): Promise<void> {
    await writeFile(this.path(name), '');
  }

  /** Waits for a file that a command makes. */
  made(name: string): Promise<void> {
    return this.until(`the command to make ${name}`, () =>
      access(this.path(name)).then(
        () => true,
        () => false,
      ),
    );
  }

  /** Waits until `check` says so, for a minute at most. */
  async until(what: string, check: () => Promise<boolean>): Promise<void> {
    const deadline = Date.now() + 60_000;
    while (!(await check())) {
      if (Date.now() > deadline) assert.fail(`waited a minute for ${what}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  /** A pipe that commands hold open with `exec 9<>"$1/held"`; `isHeld` returns whether any of them is left. */
  async holdPipe(): Promise<{ isHeld(): boolean }> {
    const pipe = this.path('held');
    await runFile('mkfifo', [pipe]);
    return {
      isHeld: () => {
        const reader = openSync(pipe, constants.O_RDONLY | constants.O_NONBLOCK);
        try {
          // end of file: no process has the pipe open for writing
          return readSync(reader, Buffer.alloc(1)) !== 0;
        } catch {
          return true;
        } finally {
          closeSync(reader);
        }
      },
    };
  }
}

/** Script that starts a child and a grandchild that hold the pipe, and makes the file `ready` when both exist. */
export const family = `exec 9<>"$1/held"; sh -c 'sleep 60 & : > "$1/ready"; wait' sh "$1" & `;

/** The handle as a later process reads it. */
export function written(handle: ExecutionHandle): ExecutionHandle {
  return JSON.parse(JSON.stringify(handle)) as ExecutionHandle;
}

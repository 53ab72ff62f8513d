import type { ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf, systemClock, type Clock } from '@tunasync/protocol';
import { checkCommand, unportableNames } from './command-checks.js';
import { openExitRecord, openLog, release } from './command-files.js';
import { ExecutorError } from './executor-error.js';
import { readExitRecord, signalled } from './exit-record.js';
import { HostExecution } from './host-execution.js';
import { asHostHandle, hostExecutorName, type HostHandle } from './host-handle.js';
import type {
  CommandSpec,
  Execution,
  ExecutionContext,
  ExecutionHandle,
  Executor,
  ExitResult,
} from './interfaces.js';
import { ProcessGroup } from './process-group.js';
import { readBootId, readProcessStat } from './process-table.js';
import { spawnLauncher } from './spawn-launcher.js';

/** What {@link hostExecutor} is made of. */
export interface HostExecutorOptions {
  /** Folder of the exit records; made when it is missing. */
  stateDir: string;
  /** Base environment of every command, copied now; an app gives `process.env`. */
  env: Readonly<Record<string, string | undefined>>;
  /** @defaultValue the clock of the machine */
  clock?: Clock;
  /** Told about what does not stop a command but may surprise. @defaultValue nobody */
  logger?: { warn(message: string): void };
  /** A POSIX shell. @defaultValue `/bin/sh` */
  shell?: string;
}

/** Variable by which the processes of one execution are known again after a crash. */
const markerName = 'TUNASYNC_EXECUTION';

/** Time between looks at a command that another process started, in milliseconds. */
const attachedPollMs = 500;

/**
 * Runs commands as processes of this machine, each in a session and process group of its own.
 *
 * What a command leaves running in its group when it ends is ended too (SIGTERM, SIGKILL two seconds later).
 * A daemon that moves to a group of its own is out of reach. A program that does not exist or may not be run ends with the shell's
 * codes 127 and 126, and the log says so.
 */
export function hostExecutor(options: HostExecutorOptions): Executor {
  return new HostExecutor(options);
}

class HostExecutor implements Executor {
  readonly name = hostExecutorName;
  readonly #stateDir: string;
  readonly #env: NodeJS.ProcessEnv;
  readonly #clock: Clock;
  readonly #logger: HostExecutorOptions['logger'];
  readonly #shell: string;
  readonly #bootId = readBootId();

  constructor({ stateDir, env, clock = systemClock, logger, shell = '/bin/sh' }: HostExecutorOptions) {
    this.#stateDir = stateDir;
    this.#env = { ...env };
    this.#clock = clock;
    this.#logger = logger;
    this.#shell = shell;
  }

  async start(spec: CommandSpec, { id, mirror }: ExecutionContext): Promise<Execution> {
    checkCommand(spec, id);
    this.#warnOfNames(spec, mirror);
    const exitFile = join(this.#stateDir, `${id}.exit`);
    const marker = randomUUID();
    const recordOpened = this.#openRecord(exitFile);
    const log = await openLog(spec.logFile).catch((error: unknown) => messageOf(error));
    const record = await recordOpened;
    try {
      if (typeof log === 'string') {
        throw new ExecutorError(`cannot open the log of ${spec.argv[0]}: ${log}`);
      }
      const child = await spawnLauncher({
        shell: this.#shell,
        argv: spec.argv,
        cwd: spec.cwd,
        env: { ...this.#env, ...spec.env, [markerName]: marker },
        log,
        record,
      });
      // nothing may be awaited until the listener is there: the child's end would be missed
      const { pid } = child;
      const handle: HostHandle = {
        executor: hostExecutorName,
        id,
        pid,
        startTime: readProcessStat(pid)?.startTime ?? null,
        bootId: this.#bootId,
        exitFile,
        marker,
      };
      return new HostExecution(handle, new ProcessGroup(pid, this.#clock), endOf(child, exitFile));
    } catch (error) {
      // nobody will ask for the record of a command that never was
      if (record !== undefined) await rm(exitFile, { force: true }).catch(() => undefined);
      throw error;
    } finally {
      release(typeof log === 'number' ? log : undefined, record);
    }
  }

  /**
   * Finds a command again. While it runs, `exit` waits for it. When it has ended, `exit` has the recorded result;
   * when its end was not recorded but it left processes behind, these are ended and the result is unknown (both
   * fields null). Undefined when neither a record nor a process is left, or when the handle is not of this executor.
   */
  async attach(handle: ExecutionHandle): Promise<Execution | undefined> {
    const known = asHostHandle(handle);
    if (known === undefined) return undefined;
    const group = this.#groupOf(known);
    if (group?.leaderRuns() === true) {
      return new HostExecution(known, group, this.#endOfAttached(known, group));
    }
    const result = await readExitRecord(known.exitFile);
    const left = group?.isAlive() === true ? group : undefined;
    if (result === undefined && left === undefined) return undefined;
    return new HostExecution(known, left, Promise.resolve(result ?? unknownEnd));
  }

  async cleanup(handle: ExecutionHandle): Promise<void> {
    const known = asHostHandle(handle);
    if (known !== undefined) await rm(known.exitFile, { force: true });
  }

  /** The group of a command of this boot. */
  #groupOf({ pid, startTime, bootId, marker }: HostHandle): ProcessGroup | undefined {
    if (startTime === null || bootId === '' || bootId !== this.#bootId) return undefined;
    return new ProcessGroup(pid, this.#clock, { startTime, marker: `${markerName}=${marker}` });
  }

  async #endOfAttached({ exitFile }: HostHandle, group: ProcessGroup): Promise<ExitResult> {
    while (group.leaderRuns()) {
      await new Promise<void>((resolve) => this.#clock.after(attachedPollMs, resolve));
    }
    return (await readExitRecord(exitFile)) ?? unknownEnd;
  }

  async #openRecord(exitFile: string): Promise<number | undefined> {
    try {
      return await openExitRecord(exitFile);
    } catch (error) {
      this.#logger?.warn(`a crash would lose the exit code of this command: ${messageOf(error)}`);
      return undefined;
    }
  }

  #warnOfNames({ env }: CommandSpec, mirror: string): void {
    const names = unportableNames(env);
    if (names.length === 0) return;
    this.#logger?.warn(
      `${mirror}: the shell may keep environment variables of such names from the command: ${names.join(', ')}`,
    );
  }
}

const unknownEnd: ExitResult = { code: null, signal: null };

/** How a launcher that this process started ends. */
function endOf(child: ChildProcess, exitFile: string): Promise<ExitResult> {
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => {
      // the launcher itself was killed, or it passes an exit code on that cannot stand for a signal
      if (code === null || code <= 128) resolve({ code, signal });
      // a record that could not be written leaves the usual meaning
      else resolve(readExitRecord(exitFile).then((result) => result ?? signalled(code)));
    });
  });
}

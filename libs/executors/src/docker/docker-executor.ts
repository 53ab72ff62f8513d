import { mkdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { messageOf, systemClock, type Clock } from '@tunasync/protocol';
import { pathExists } from '@tunasync/util';
import { checkCommand } from '../executor/command-checks.js';
import { ExecutorError } from '../executor/executor-error.js';
import type { ExecutorOptions } from '../executor/executor-options.js';
import type {
  CommandSpec,
  Execution,
  ExecutionContext,
  ExecutionHandle,
  Executor,
  ExitResult,
} from '../executor/interfaces.js';
import { openExitRecordOrWarn, openLog, release } from '../launcher/command-files.js';
import { exitRecordedAt, readExitRecord } from '../launcher/exit-record.js';
import { adoptClient, startClient, type ClientProcess } from './client-process.js';
import { containerEnv } from './container-env.js';
import { containerName } from './container-name.js';
import { DockerClient } from './docker-client.js';
import { DockerEngine, labels, type Container } from './docker-engine.js';
import { DockerExecution, type DockerExecutionOptions } from './docker-execution.js';
import { asDockerHandle, dockerExecutorName, type DockerHandle } from './docker-handle.js';
import { namelessFile } from './env-file.js';
import { patiently } from './patiently.js';
import { checkImage, runArguments } from './run-arguments.js';

/** Options of {@link dockerExecutor}. */
export interface DockerExecutorOptions extends ExecutorOptions {
  /** The docker client. @defaultValue `docker` */
  docker?: string;
  /** Milliseconds that the engine may take to answer a question, and may be away for. @defaultValue 10000 */
  answerMs?: number;
}

const followFile = fileURLToPath(new URL('../../docker-follow.sh', import.meta.url));

/** Seconds between SIGTERM and SIGKILL for the container of an earlier run. */
const leftoverGrace = 2;
/** Longest time for the engine to remove the container of an earlier run, in milliseconds. */
const removalMs = 10_000;

/**
 * Runs commands in containers, one for each mirror at a time, through the `docker` command.
 *
 * The image, volumes and options come with {@link ExecutionContext.container}. The container and the client outlive
 * this process; see `docs/decisions/docker-executor.md`.
 */
export function dockerExecutor(options: DockerExecutorOptions): Executor {
  return new DockerExecutor(options);
}

class DockerExecutor implements Executor {
  readonly name = dockerExecutorName;
  readonly #stateDir: string;
  readonly #env: NodeJS.ProcessEnv;
  readonly #clock: Clock;
  readonly #logger: DockerExecutorOptions['logger'];
  readonly #docker: string;
  readonly #shell: string;
  readonly #answerMs: number;
  readonly #engine: DockerEngine;
  /** Records of executions whose container is gone for certain: there is nothing to ask the engine. */
  readonly #gone = new Set<string>();

  constructor(options: DockerExecutorOptions) {
    const { stateDir, env, clock = systemClock, logger, docker = 'docker', shell = '/bin/sh' } = options;
    this.#stateDir = stateDir;
    this.#env = { ...env };
    this.#clock = clock;
    this.#logger = logger;
    this.#docker = docker;
    this.#shell = shell;
    this.#answerMs = options.answerMs ?? 10_000;
    const client = new DockerClient({ docker, env: this.#env, clock, answerMs: this.#answerMs });
    this.#engine = new DockerEngine(client, clock);
  }

  foresee({ mirror, id, memoryLimit = 0 }: ExecutionContext): DockerHandle {
    return {
      executor: dockerExecutorName,
      id,
      container: containerName(mirror),
      exitFile: join(this.#stateDir, `${id}.exit`),
      since: this.#clock.now(),
      limited: memoryLimit > 0,
    };
  }

  async start(spec: CommandSpec, context: ExecutionContext): Promise<Execution> {
    const { mirror, id, container, memoryLimit = 0 } = context;
    checkCommand(spec, id);
    if (container === undefined) {
      throw new ExecutorError(`cannot start a container for ${mirror}: expected the name of an image`);
    }
    checkImage(container.image);
    const values = containerEnv(spec.env);
    const handle = this.foresee(context);
    await this.#makeFolder(spec.cwd);
    const [log, record] = await Promise.all([
      openLog(spec.logFile).catch((error: unknown) => messageOf(error)),
      openExitRecordOrWarn(handle.exitFile, this.#logger),
    ]);
    try {
      if (typeof log === 'string') {
        throw new ExecutorError(`cannot open the log of ${spec.argv[0]}: ${log}`);
      }
      await this.#endLeftover(handle.container);
      const { size: offset } = await stat(spec.logFile);
      await using envFile = await namelessFile(values.file, this.#stateDir);
      const args = runArguments({
        spec,
        container,
        name: handle.container,
        execution: handle.exitFile,
        user: ownUser(),
        envFile: '/dev/fd/3',
        byClient: Object.keys(values.byClient),
        memoryLimit,
      });
      const watched = await startClient({
        shell: this.#shell,
        argv: [this.#docker, ...args],
        env: { ...this.#env, ...values.byClient },
        exitFile: handle.exitFile,
        log,
        record,
        extra: envFile.fd,
        clock: this.#clock,
      });
      const told = { section: { file: spec.logFile, offset }, image: container.image };
      return this.#execution(handle, watched, { told });
    } catch (error) {
      // the command never ran: its record serves no purpose
      if (record !== undefined) await rm(handle.exitFile, { force: true }).catch(() => undefined);
      if (error instanceof ExecutorError) throw error;
      throw new ExecutorError(messageOf(error), { cause: error });
    } finally {
      release(typeof log === 'number' ? log : undefined, record);
    }
  }

  /**
   * Finds a command again: by its docker client, which outlives a worker, by what that client recorded, by its
   * container (whose output a new client passes on), or in what the engine remembers, in this order. Undefined when none of them
   * knows of it, or when the handle is not of this executor.
   *
   * @throws {@link DockerError} when the engine must be asked and does not answer: the command may run
   */
  async attach(handle: ExecutionHandle): Promise<Execution | undefined> {
    const known = asDockerHandle(handle);
    if (known === undefined) return undefined;
    const client = adoptClient(known.exitFile, this.#clock);
    if (client !== undefined) return this.#execution(known, client);
    const result = await readExitRecord(known.exitFile);
    if (result !== undefined && result.code !== null && result.code !== 125) {
      return this.#execution(known, result, { endedAt: await exitRecordedAt(known.exitFile) });
    }
    const watched = await patiently(() => this.#lookFor(known), this.#clock, this.#answerMs);
    const seen = watched ?? result;
    return seen === undefined ? undefined : this.#execution(known, seen);
  }

  async cleanup(handle: ExecutionHandle): Promise<void> {
    const known = asDockerHandle(handle);
    if (known === undefined) return;
    await rm(known.exitFile, { force: true });
    if (this.#gone.delete(known.exitFile)) return;
    const container = await this.#findOwn(known);
    if (container !== undefined) await this.#engine.remove(container.id);
  }

  /** Finds the state of a command that no client watches and whose end was not recorded. */
  async #lookFor(handle: DockerHandle): Promise<ClientProcess | ExitResult | undefined> {
    const container = await this.#findOwn(handle);
    if (container?.running === true) return this.#follow(handle, container);
    if (container?.status === 'exited') return { code: container.exitCode, signal: null };
    // there is no client left that could start it
    if (container?.status === 'created') await this.#engine.remove(container.id);
    // without a record it was cleaned up, or never started
    if (!(await pathExists(handle.exitFile))) return undefined;
    const { exitCode } = await this.#engine.history(handle.exitFile, handle.since);
    return exitCode === undefined ? undefined : { code: exitCode, signal: null };
  }

  async #findOwn({ container: name, exitFile }: DockerHandle): Promise<Container | undefined> {
    const container = await this.#engine.find(name);
    return container?.labels[labels.execution] === exitFile ? container : undefined;
  }

  /** Has a new client pass the container's output on and record its end. */
  async #follow({ exitFile }: DockerHandle, { id, labels: given }: Container): Promise<ClientProcess> {
    const logFile = given[labels.log];
    const log = logFile === undefined ? undefined : await openLog(logFile).catch(() => undefined);
    const record = await openExitRecordOrWarn(exitFile, this.#logger);
    try {
      // the last thing that a client wrote there
      const since =
        logFile === undefined ? undefined : await stat(logFile, { bigint: true }).catch(() => undefined);
      return await startClient({
        shell: this.#shell,
        argv: [this.#shell, followFile, this.#docker, id, unixSeconds(since?.mtimeNs ?? 0n)],
        env: this.#env,
        exitFile,
        log,
        record,
        clock: this.#clock,
      });
    } finally {
      release(log, record);
    }
  }

  #execution(
    handle: DockerHandle,
    watched: ClientProcess | ExitResult,
    { told, endedAt }: Pick<DockerExecutionOptions, 'told' | 'endedAt'> = {},
  ): Execution {
    return new DockerExecution({
      engine: this.#engine,
      handle,
      clock: this.#clock,
      warn: (message) => this.#logger?.warn(message),
      patienceMs: this.#answerMs,
      watched,
      follow: (container) => this.#follow(handle, container),
      told,
      endedAt,
      onGone: () => this.#gone.add(handle.exitFile),
    });
  }

  /** Ends the container of an earlier run of the mirror, ours or the original's: there are never two. */
  async #endLeftover(name: string): Promise<void> {
    const leftover = await this.#engine.find(name);
    if (leftover === undefined) return;
    if (leftover.running) {
      this.#logger?.warn(`ending the container ${name} that an earlier sync has left running`);
      await this.#engine.stop(leftover.id, leftoverGrace);
    }
    await this.#engine.remove(leftover.id);
    if (!(await this.#engine.goneWithin(name, removalMs))) {
      throw new ExecutorError(`the container ${name} of an earlier sync cannot be removed`);
    }
  }

  async #makeFolder(folder: string): Promise<void> {
    try {
      await mkdir(folder, { recursive: true });
    } catch (error) {
      throw new ExecutorError(`cannot make the working folder ${folder}: ${messageOf(error)}`, {
        cause: error,
      });
    }
  }
}

/** The engine takes nanoseconds after the point. */
function unixSeconds(ns: bigint): string {
  return `${ns / 1_000_000_000n}.${String(ns % 1_000_000_000n).padStart(9, '0')}`;
}

function ownUser(): { uid: number; gid: number } | undefined {
  const uid = process.getuid?.();
  const gid = process.getgid?.();
  return uid === undefined || gid === undefined ? undefined : { uid, gid };
}

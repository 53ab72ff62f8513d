/** One command to run, as a provider makes it. A provider does not know the executor. */
export interface CommandSpec {
  /** The program and its arguments; no shell reads them. */
  argv: readonly [string, ...string[]];
  /** Working directory; the executor makes it when it is missing. */
  cwd: string;
  /** Environment added to (and winning over) the executor's base environment. May hold secrets. */
  env: Readonly<Record<string, string>>;
  /** File that standard output and standard error are appended to, without passing through this process. */
  logFile: string;
}

/** How a command ended. Exactly one of `code` and `signal` is set, unless no process saw the end. */
export interface ExitResult {
  /** Exit code, or null when a signal ended it or its end was not seen. */
  code: number | null;
  /** Signal name such as `SIGKILL` when one ended it. */
  signal: string | null;
  /** Set when the kernel ended it (or a part of it) because it went over its memory limit. */
  outOfMemory?: true;
  /** Further reason for this end, in a few words for people. */
  reason?: string;
}

/**
 * The stored facts about a running command, by which a later process finds it again. Plain JSON; `executor` names
 * the {@link Executor} that understands the rest.
 */
export interface ExecutionHandle {
  executor: string;
  [detail: string]: string | number | boolean | null;
}

/** A running command. */
export interface Execution {
  /** To be written down by the caller before it relies on re-attaching. */
  readonly handle: ExecutionHandle;
  /** Resolves when the command and all processes that it started are gone; never rejects. */
  readonly exit: Promise<ExitResult>;
  /**
   * When it ended, milliseconds since the Unix epoch: only where {@link Executor.attach} found that it had ended
   * before, and the time was recorded.
   */
  readonly endedAt?: number;
  /** Pids of this machine that belong to it now, for reading `/proc`; absent or empty when they cannot be known. */
  processes?(): Promise<readonly number[]>;
  /**
   * Ends the command and all processes that it started: SIGTERM, then SIGKILL for the rest after `graceMs`.
   * Resolves together with {@link exit}; repeated calls change nothing.
   *
   * @param graceMs - milliseconds. Defaults to 2000.
   */
  terminate(graceMs?: number): Promise<void>;
}

/** The facts about the job that an executor needs in addition to the command. */
export interface ExecutionContext {
  /** Mirror name; also names cgroups and containers. */
  mirror: string;
  /** Identifies this execution within the state folder, permanently: never use it again. Safe as a file name. */
  id: string;
  /** Bytes; 0 or absent: no limit. An executor that cannot limit ignores it. */
  memoryLimit?: number;
  /** Settings for a container executor; others ignore them. */
  container?: ContainerSettings;
}

/** The container of a command. */
export interface ContainerSettings {
  image: string;
  /** Volumes as `docker run -v` takes them, in addition to the log folder, the log file and the working folder. */
  volumes: readonly string[];
  /** Further options of `docker run`, before the image. */
  options: readonly string[];
}

/** Runs commands somewhere: on the host, in a cgroup, in a container. */
export interface Executor {
  /** Unique, stored in handles. */
  readonly name: string;
  /** Starts the command. Rejects when it could not be started at all (`EXECUTOR_START_FAILED`). */
  start(spec: CommandSpec, context: ExecutionContext): Promise<Execution>;
  /**
   * The handle of an execution that is about to be started with this context: written down before {@link start}, it
   * lets {@link attach} find a command whose start the caller did not live to note, and {@link cleanup} forget it.
   * Touches nothing.
   */
  foresee?(context: ExecutionContext): ExecutionHandle;
  /**
   * Finds a command that an earlier process started. Undefined when nothing is known about it any more. The `exit`
   * of a command that has ended resolves with its true result.
   */
  attach(handle: ExecutionHandle): Promise<Execution | undefined>;
  /** Forgets what is kept of an execution that has ended (exit files, containers). */
  cleanup(handle: ExecutionHandle): Promise<void>;
}

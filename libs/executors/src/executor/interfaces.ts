/** One command to run, as a provider makes it. A provider never asks who runs it. */
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

/** How a command ended. Exactly one of the two is set, unless nobody saw the end. */
export interface ExitResult {
  /** Exit code, or null when a signal ended it or its end was not seen. */
  code: number | null;
  /** Signal name such as `SIGKILL` when one ended it. */
  signal: string | null;
  /** Set when the kernel ended it (or a part of it) because it went over its memory limit. */
  outOfMemory?: true;
  /** What else is known of why it ended so, in a few words for people. */
  reason?: string;
}

/**
 * What is written down about a running command, so that a later process finds it again.
 * Plain JSON; `executor` names the {@link Executor} that understands the rest.
 */
export interface ExecutionHandle {
  executor: string;
  [detail: string]: string | number | boolean | null;
}

/** A command under way. */
export interface Execution {
  /** To be written down by the caller before it relies on re-attaching. */
  readonly handle: ExecutionHandle;
  /** Resolves when the command and all that it started are gone; never rejects. */
  readonly exit: Promise<ExitResult>;
  /**
   * When it ended, milliseconds since the Unix epoch: only where {@link Executor.attach} found that it had ended before,
   * and somebody noted when.
   */
  readonly endedAt?: number;
  /** Pids of this machine that belong to it now, for reading `/proc`; absent or empty when they cannot be known. */
  processes?(): Promise<readonly number[]>;
  /**
   * Ends the command and all that it started: SIGTERM, then SIGKILL for what is left after `graceMs`.
   * Resolves together with {@link exit}; repeated calls change nothing.
   *
   * @param graceMs - milliseconds. Defaults to 2000.
   */
  terminate(graceMs?: number): Promise<void>;
}

/** What an executor must know of the job besides the command. */
export interface ExecutionContext {
  /** Mirror name; also names cgroups and containers. */
  mirror: string;
  /** Identifies this execution within the state folder, for good: never to be used again. File-name safe. */
  id: string;
  /** Bytes; 0 or absent: no limit. An executor that cannot limit ignores it. */
  memoryLimit?: number;
  /** What a container executor must know; others ignore it. */
  container?: ContainerSettings;
}

/** The container of a command. */
export interface ContainerSettings {
  image: string;
  /** Volumes as `docker run -v` takes them, besides the log folder, the log file and the working folder. */
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
   * Finds a command again that an earlier process started. Undefined when nothing is known of it any more.
   * A command that ended meanwhile gives an execution whose `exit` resolves with its true result.
   */
  attach(handle: ExecutionHandle): Promise<Execution | undefined>;
  /** Forgets what is kept of an execution that has ended (exit files, containers). */
  cleanup(handle: ExecutionHandle): Promise<void>;
}

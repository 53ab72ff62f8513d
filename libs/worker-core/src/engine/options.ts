import type { LoadResult, WorkerConfig } from '@tunasync/config';
import type { Executor } from '@tunasync/executors';
import type { HookPlugin } from '@tunasync/hooks';
import type { Logger } from '@tunasync/logger';
import type { Clock } from '@tunasync/protocol';
import type { ProviderPlugin } from '@tunasync/providers';
import type { ReportSink, RestoredStatuses } from '../interfaces/reporting.js';
import type { WorkerState } from '../interfaces/worker-state.js';

/** What a worker is made of. Only `config` is needed. */
export interface WorkerOptions {
  config: WorkerConfig;
  /** @defaultValue nothing is logged */
  logger?: Logger;
  /** @defaultValue the machine's clock */
  clock?: Clock;
  /**
   * Environment that commands and exec hooks start from; mirrors add theirs. It replaces the default.
   *
   * @defaultValue the usual `PATH` only
   */
  env?: Readonly<Record<string, string>>;
  /** Kinds of providers beside the built-in ones; one of the same name takes the place of a built-in one. */
  providers?: readonly ProviderPlugin[];
  /** Kinds of hooks, outermost first. @defaultValue the built-in ones: log limiter, ZFS, btrfs, exec */
  hooks?: readonly HookPlugin[];
  /**
   * Runs all commands.
   *
   * @defaultValue as the configuration says: in a container, in a cgroup, else in a process group of its own
   */
  executor?: Executor;
  /**
   * Folder where the worker keeps what it must know after a restart.
   *
   * @defaultValue none: records are kept in memory, and what the executor needs goes to a throwaway folder
   */
  stateDir?: string;
  /**
   * Where job records and undelivered reports are kept; stays open when the worker stops.
   *
   * @defaultValue in `stateDir`, else in memory
   */
  state?: WorkerState;
  /** Gets every report and the schedule: the managers, say. @defaultValue reports go nowhere */
  reports?: ReportSink;
  /**
   * Asked once at the start for the statuses that a manager has of this worker's mirrors; undefined when no manager
   * answered. A rejection counts as no answer. Should give up within seconds.
   *
   * @defaultValue no manager answers, when the configuration names any
   */
  restore?: () => Promise<RestoredStatuses | undefined>;
  /** Loads the configuration anew for the command `reload`. @defaultValue none: the command is refused */
  loadConfig?: () => Promise<LoadResult<WorkerConfig>>;
  /** Milliseconds between a first failed attempt and the next one, doubled each time. @defaultValue the mirror's `retry_delay` */
  retryDelayMs?: number;
  /** Milliseconds that the pause between attempts never exceeds, but for the jitter. @defaultValue the mirror's `retry_delay_max` */
  retryDelayMaxMs?: number;
  /** Gives numbers from 0 up to 1 for the jitter. @defaultValue `Math.random` */
  random?: () => number;
}

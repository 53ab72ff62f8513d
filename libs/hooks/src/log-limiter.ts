import { messageOf, systemClock, type Clock } from '@tunasync/protocol';
import {
  createRunLog,
  fallocatePunchHole,
  findRunLog,
  linkLatest,
  markRunLogFailed,
  pruneRunLogs,
  RunLogError,
  type PunchHole,
} from '@tunasync/run-log';
import type { HookContext, HookPlugin } from './interfaces.js';
import { LogWatch } from './log-watch.js';

/** Options of {@link logLimiter}. */
export interface LogLimiterOptions {
  /** Names the log files, and says when to look at their sizes. @defaultValue the machine's */
  clock?: Clock;
  /** The worker's own environment, whose `PATH` finds `fallocate`. @defaultValue empty */
  env?: Readonly<Record<string, string | undefined>>;
  /** Gives parts of a log back to the disk. @defaultValue by `fallocate` */
  punchHole?: PunchHole;
}

/** Destination of the output when there is no room for a log. */
const noLogFile = '/dev/null';

/**
 * Gives each attempt its own log file, keeps `latest` pointing at it, drops old ones, keeps it below `log_max_size`,
 * and marks the log of a failed attempt. A full disk is reported and stops nothing: the attempt goes without a log.
 */
export function logLimiter(options: LogLimiterOptions = {}): HookPlugin {
  const { clock = systemClock, env = {}, punchHole = fallocatePunchHole(env) } = options;
  return {
    name: 'log-limiter',
    create(mirror) {
      const { logDir, logMaxSize } = mirror;
      let watch: LogWatch | undefined;
      return {
        name: 'log-limiter',
        async preExec(context) {
          context.logFile = await openLog(context, clock);
          if (context.logFile === noLogFile) return;
          // Neither is a reason not to sync.
          await orWarn(context, linkLatest(logDir, context.logFile));
          await orWarn(context, pruneRunLogs(logDir, mirror.name, mirror.logKeep, context.logFile));
          if (logMaxSize > 0) watch = new LogWatch({ context, clock, punchHole, isWritten: true });
        },
        async resume(context) {
          if (context.logFile === '' || context.logFile === noLogFile) return;
          // an earlier process may have started the end of the attempt
          context.logFile = await findRunLog(context.logFile);
          if (logMaxSize > 0) watch = new LogWatch({ context, clock, punchHole, isWritten: true });
        },
        async postExec(context) {
          const { logFile } = context;
          if (logMaxSize === 0 || logFile === '' || logFile === noLogFile) return;
          // none: an earlier process began the attempt
          await (watch ?? new LogWatch({ context, clock, punchHole, isWritten: false })).finish();
          watch = undefined;
        },
        async postFail(context) {
          if (context.logFile === '' || context.logFile === noLogFile) return;
          // A log that was moved away does not end the remaining attempts.
          await orWarn(context, mark(context, logDir));
        },
      };
    },
  };
}

/** Creates the attempt's log; there is none if there is no room, not even in place of the oldest log. */
async function openLog(context: HookContext, clock: Clock): Promise<string> {
  const { mirror, logger } = context;
  const { name, logDir, logKeep } = mirror;
  const create = (): Promise<string> => createRunLog({ dir: logDir, mirror: name, now: clock.now() });
  try {
    return await create();
  } catch (error) {
    if (!isFull(error)) throw error;
  }
  try {
    await orWarn(context, pruneRunLogs(logDir, name, Math.max(logKeep - 1, 0)));
    return await create();
  } catch (error) {
    if (!isFull(error)) throw error;
    const blind =
      mirror.failOnMatch === undefined && mirror.sizePattern === undefined
        ? ''
        : ', and fail_on_match and size_pattern find nothing';
    logger.warn(`${name}: ${messageOf(error)}; this attempt has no log${blind}`, { mirror: name });
    return noLogFile;
  }
}

function isFull(error: unknown): boolean {
  return error instanceof RunLogError && error.code === 'RUN_LOG_DISK_FULL';
}

async function mark(context: HookContext, logDir: string): Promise<void> {
  context.logFile = await markRunLogFailed(context.logFile);
  await linkLatest(logDir, context.logFile);
}

async function orWarn({ logger, mirror }: HookContext, work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    logger.warn(`${mirror.name}: ${messageOf(error)}`, { mirror: mirror.name });
  }
}

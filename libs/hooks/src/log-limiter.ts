import { messageOf, systemClock, type Clock } from '@tunasync/protocol';
import { createRunLog, linkLatest, markRunLogFailed, pruneRunLogs } from '@tunasync/run-log';
import type { HookContext, HookPlugin } from './interfaces.js';

/** What {@link logLimiter} is told. */
export interface LogLimiterOptions {
  /** Names the log files. @defaultValue the machine's */
  clock?: Clock;
}

/**
 * Gives each attempt its own log file, keeps `latest` pointing at it, drops old ones, and marks the log of a
 * failed attempt.
 */
export function logLimiter(options: LogLimiterOptions = {}): HookPlugin {
  const { clock = systemClock } = options;
  return {
    name: 'log-limiter',
    create: ({ name, logDir, logKeep }) => ({
      name: 'log-limiter',
      async preExec(context) {
        context.logFile = await createRunLog({ dir: logDir, mirror: name, now: clock.now() });
        // Neither is a reason not to sync.
        await orWarn(context, linkLatest(logDir, context.logFile));
        await orWarn(context, pruneRunLogs(logDir, name, logKeep, context.logFile));
      },
      async postFail(context) {
        if (context.logFile === '') return;
        // A log that somebody moved away is no reason to give up the attempts that are left.
        await orWarn(context, mark(context, logDir));
      },
    }),
  };
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

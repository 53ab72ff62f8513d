import { messageOf, systemClock, type Clock } from '@tunasync/protocol';
import { createRunLog, linkLatest, markRunLogFailed, pruneRunLogs } from '@tunasync/run-log';
import type { HookPlugin } from './interfaces.js';

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
        await linkLatest(logDir, context.logFile);
        await pruneRunLogs(logDir, name, logKeep);
      },
      async postFail(context) {
        if (context.logFile === '') return;
        try {
          context.logFile = await markRunLogFailed(context.logFile);
          await linkLatest(logDir, context.logFile);
        } catch (error) {
          // A log that somebody moved away is no reason to give up the attempts that are left.
          context.logger.warn(`the log of the failed attempt keeps its name: ${messageOf(error)}`);
        }
      },
    }),
  };
}

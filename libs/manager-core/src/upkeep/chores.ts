import type { Logger } from '@tunasync/logger';
import { messageOf } from '@tunasync/protocol';

/** When the chores run: cron expressions in local time, with seconds when they have six fields. */
export interface ChoreRules {
  history: string;
  lastOnline: string;
}

const defaultRules: ChoreRules = { history: '23 * * * *', lastOnline: '*/10 * * * *' };

/** The work that chores start. */
export interface ChoreTasks {
  /** Deletes finished runs over the limits; resolves to their number. */
  pruneHistory(): Promise<number>;
  /** Stores the times at which workers were last online. */
  keepLastOnline(): Promise<void>;
}

/** Chores that run on their own. */
export interface Chores {
  /** Stores once more when workers were last heard of; resolves when nothing is under way. */
  stop(): Promise<void>;
}

/** Begins what a manager does by itself from time to time: forgets old runs, and keeps when workers were heard of. */
export async function startChores(
  app: ChoreTasks,
  logger: Logger,
  rules: ChoreRules = defaultRules,
): Promise<Chores> {
  const { default: schedule } = await import('node-schedule');
  const underWay = new Set<Promise<void>>();
  const run = (what: string, chore: () => Promise<unknown>): void => {
    const running: Promise<void> = chore()
      .then(
        () => undefined,
        (error: unknown) => {
          logger.warn(`Cannot ${what}: ${messageOf(error)}`);
        },
      )
      .finally(() => underWay.delete(running));
    underWay.add(running);
  };
  const forget = async (): Promise<void> => {
    const count = await app.pruneHistory();
    if (count > 0) logger.info(`Forgot ${count} old ${count === 1 ? 'run' : 'runs'}`);
  };
  const keepOnline = (): void => {
    run('store when workers were heard of', () => app.keepLastOnline());
  };
  const jobs = [
    schedule.scheduleJob(rules.history, () => {
      run('forget old runs', forget);
    }),
    schedule.scheduleJob(rules.lastOnline, keepOnline),
  ];
  return {
    stop: async () => {
      for (const job of jobs) job.cancel();
      keepOnline();
      await Promise.all(underWay);
    },
  };
}

/** Calls `run` again and again. @param rule - a cron expression in local time, with seconds if it has six fields */
export type ScheduleChore = (rule: string, run: () => void) => { cancel(): void };

/** Chores by node-schedule, which is loaded by whoever has some. */
export async function nodeScheduleChores(): Promise<ScheduleChore> {
  const { default: schedule } = await import('node-schedule');
  return (rule, run) => {
    const job = schedule.scheduleJob(rule, run);
    return { cancel: () => void job.cancel() };
  };
}

import type { MirrorConfig, WorkerConfig } from '@tunasync/config';
import { memoryLogger } from '@tunasync/logger';
import type { MirrorSchedule, MirrorStatus, ProgressEntry, RunRecord } from '@tunasync/protocol';
import { FakeClock } from '@tunasync/test-utils';
import { createWorker, memoryState, type WorkerOptions } from '../../src/index.js';
import { FakeExecutor } from './fake-executor.js';
import { fakeProvider } from './fake-provider.js';
import { configOf, mirrorOf } from './mirror.js';

/** A worker whose time, commands and managers are the test's. */
export function engineRig(
  mirrors: readonly (MirrorConfig | string)[],
  options: Partial<WorkerOptions> & { config?: WorkerConfig; concurrent?: number } = {},
) {
  const { concurrent, ...rest } = options;
  const clock = new FakeClock();
  const executor = new FakeExecutor(clock);
  const logger = memoryLogger();
  const state = memoryState();
  const reports: MirrorStatus[] = [];
  const schedules: MirrorSchedule[][] = [];
  const runs: RunRecord[] = [];
  const progress: ProgressEntry[] = [];
  const configured = mirrors.map((mirror) => (typeof mirror === 'string' ? mirrorOf(mirror) : mirror));
  const worker = createWorker({
    config: configOf(configured, concurrent === undefined ? {} : { concurrent }),
    clock,
    executor,
    logger,
    state,
    hooks: [],
    providers: [fakeProvider()],
    random: () => 0.5,
    reports: {
      status: (report) => void reports.push(report),
      run: (record) => void runs.push(record),
      progress: (entry) => void progress.push(entry),
      scheduleChanged: (current) => void schedules.push(current()),
    },
    ...rest,
  });
  return {
    clock,
    executor,
    logger,
    state,
    /** Every report that managers would get, in order. */
    reports,
    /** The records of finished runs, in order. */
    runs,
    /** What managers would have been told of running syncs, in order. */
    progress,
    /** What a manager would have been told of the schedule, in order. */
    schedules,
    worker,
    /** Lets everything happen that does not wait for the clock. */
    settle: () => clock.advance(0),
    /** The job of a mirror as it is now. */
    job: (name: string) => {
      const found = worker.jobs().find((job) => job.name === name);
      if (found === undefined) throw new RangeError(`there is no job ${name}`);
      return found;
    },
    /** `status error_msg` of a mirror's reports, in order. */
    told: (name: string) =>
      reports
        .filter((report) => report.name === name)
        .map(({ status, error_msg }) => [status, error_msg].join(' ').trim()),
  };
}

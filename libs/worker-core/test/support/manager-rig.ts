import { memoryLogger, type MemoryLogger } from '@tunasync/logger';
import type { MirrorSchedule, MirrorStatus, ProgressEntry, RunRecord } from '@tunasync/protocol';
import { FakeClock } from '@tunasync/test-utils';
import {
  createManagerLink,
  memoryState,
  openWorkerState,
  type KeyValue,
  type ManagerLinkOptions,
} from '../../src/index.js';
import { runReport, statusReport } from '../../src/interfaces/report.js';
import { Outbox } from '../../src/state/outbox.js';
import { FakeManager } from './fake-manager.js';

/** Options of {@link managerRig}. */
export type ManagerRigOptions = Partial<Omit<ManagerLinkOptions, 'clock' | 'logger'>> & {
  fakes?: FakeManager[];
  clock?: FakeClock;
  logger?: MemoryLogger;
};

/** A worker's connection with managers whose time and managers are the test's. */
export function managerRig(options: ManagerRigOptions = {}) {
  const { fakes = [new FakeManager()], state = memoryState(), ...rest } = options;
  const { clock = new FakeClock(), logger = memoryLogger() } = options;
  const last = new Map<string, MirrorStatus>();
  const managers = createManagerLink({
    worker: { id: 'w1', url: 'http://w1:6000/' },
    managers: fakes.map(({ address }) => address),
    connect: (apiBase) => fakes.find(({ address }) => address === apiBase)!,
    statuses: () => [...last.values()],
    logger,
    clock,
    random: () => 1,
    state,
    ...rest,
  });
  const outbox = new Outbox(state, managers, logger);
  /** Reports as the engine does: through the outbox. */
  const link = {
    status: (status: MirrorStatus): void => {
      last.set(status.name, { ...status });
      void outbox.commit({ reports: [statusReport(status)] });
    },
    run: (record: RunRecord) => outbox.commit({ reports: [runReport(record)] }),
    progress: (entry: ProgressEntry): void => {
      outbox.progress(entry);
    },
    factsChanged: (): void => {
      outbox.factsChanged();
    },
    scheduleChanged: (current: () => MirrorSchedule[]): void => {
      outbox.scheduleChanged(current);
    },
    start: (): void => {
      managers.start();
    },
    restore: () => managers.restore(),
    close: (closing?: { waitMs?: number }) => managers.close(closing),
  };
  return {
    link,
    managers: fakes,
    first: fakes[0]!,
    clock,
    logger,
    /** Lets everything that needs no time happen. */
    settle: async (): Promise<void> => {
      for (let turn = 0; turn < 10; turn++) await clock.advance(0);
    },
  };
}

/** The same with its state in a key-value store. */
export async function managerRigOn(kv: KeyValue, options: ManagerRigOptions = {}) {
  const logger = memoryLogger();
  const clock = new FakeClock();
  const state = await openWorkerState(kv, { logger, clock });
  return managerRig({ logger, clock, state, ...options });
}

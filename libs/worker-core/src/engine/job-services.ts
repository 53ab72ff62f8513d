import { randomUUID } from 'node:crypto';
import type { MirrorConfig } from '@tunasync/config';
import type { ExecutionHandle } from '@tunasync/executors';
import type { Logger } from '@tunasync/logger';
import { messageOf, toWireTime, type Clock, type MirrorSchedule } from '@tunasync/protocol';
import type { Progress } from '@tunasync/providers';
import type { Scheduler } from '@tunasync/scheduler';
import type { Emitter } from '@tunasync/util';
import type { Admission } from '../admission/admission.js';
import type { WorkerEvents } from '../interfaces/events.js';
import type { StateChange } from '../interfaces/worker-state.js';
import type { JobHost } from '../job/job-host.js';
import type { Outbox } from '../state/outbox.js';
import type { Executors } from './executors.js';
import { dueAfterRun, dueAfterStart, type EndedRun } from './initial-schedule.js';

/** Parts of {@link JobServices}. */
export interface JobServicesParts {
  /** Worker id. */
  worker: string;
  clock: Clock;
  logger: Logger;
  admission: Admission;
  scheduler: Scheduler<string>;
  emitter: Emitter<WorkerEvents>;
  outbox: Outbox;
  executors: Executors;
  /** Gives numbers from 0 up to 1, for `jitter`. */
  random: () => number;
}

/** The services that an engine gives its jobs. */
export class JobServices implements JobHost {
  readonly worker: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly admission: Admission;
  readonly #parts: JobServicesParts;
  #postsSchedule = false;

  constructor(parts: JobServicesParts) {
    this.#parts = parts;
    this.worker = parts.worker;
    this.clock = parts.clock;
    this.logger = parts.logger;
    this.admission = parts.admission;
  }

  nextDue(mirror: MirrorConfig, run: EndedRun): number {
    return dueAfterRun(mirror, run, { now: this.clock.now(), random: this.#parts.random });
  }

  firstDue(mirror: MirrorConfig): number {
    return dueAfterStart(mirror, this.clock.now(), this.#parts.random);
  }

  newId(): string {
    return randomUUID();
  }

  scheduledAt(mirror: string): number {
    return this.#parts.scheduler.at(mirror) ?? 0;
  }

  schedule(mirror: string, due: number): void {
    const { scheduler } = this.#parts;
    if (due === 0) {
      if (!scheduler.remove(mirror)) return;
    } else {
      scheduler.set(mirror, due);
    }
    this.emit('schedule', { mirror, nextDue: due });
    if (this.#postsSchedule) this.scheduleChanged();
  }

  /** Whether changes of the schedule are reported: not while the jobs are opened or halted. */
  postSchedule(posts: boolean): void {
    this.#postsSchedule = posts;
    if (posts) this.scheduleChanged();
  }

  /** The schedule as a whole is reported again. */
  scheduleChanged(): void {
    this.#parts.outbox.scheduleChanged(this.#currentSchedule);
  }

  commit(change: StateChange): Promise<void> {
    const kept = this.#parts.outbox.commit(change);
    // last: a listener may cause further changes
    for (const report of change.reports ?? []) {
      if (report.kind === 'status') this.emit('status', report.status);
    }
    return kept;
  }

  async clearUp(mirror: string, handle: ExecutionHandle): Promise<void> {
    try {
      await this.#parts.executors.of(handle)?.cleanup(handle);
    } catch (error) {
      this.logger.warn(`${mirror}: cannot clear up after a command: ${messageOf(error)}`);
    }
  }

  reportProgress(mirror: string, progress: Progress): void {
    this.emit('progress', { mirror, ...progress });
    this.#parts.outbox.progress({ name: mirror, ...progress });
  }

  emit<Name extends keyof WorkerEvents>(name: Name, event: WorkerEvents[Name]): void {
    this.#parts.emitter.emit(name, event);
  }

  readonly #currentSchedule = (): MirrorSchedule[] =>
    this.#parts.scheduler.entries().map(([name, due]) => ({ name, next_schedule: toWireTime(due) }));
}

import { randomUUID } from 'node:crypto';
import { formatDiagnostic, type MirrorConfig, type WorkerConfig } from '@tunasync/config';
import type { ExecutionHandle } from '@tunasync/executors';
import { nullLogger, type Logger } from '@tunasync/logger';
import {
  messageOf,
  systemClock,
  toWireTime,
  TunasyncError,
  type Clock,
  type MirrorSchedule,
  type MirrorStatus,
  type RunRecord,
} from '@tunasync/protocol';
import type { Progress } from '@tunasync/providers';
import { Scheduler } from '@tunasync/scheduler';
import { Emitter, Deferred, SerialQueue, withTimeout } from '@tunasync/util';
import { Admission } from '../admission/admission.js';
import type { CommandResult, WorkerCommand } from '../interfaces/commands.js';
import type { ReloadReport, WorkerEvents, WorkerListener } from '../interfaces/events.js';
import type { JobRecord } from '../interfaces/job-record.js';
import { type EngineFacts } from '../interfaces/worker-facts.js';
import type { JobSnapshot, Worker } from '../interfaces/worker.js';
import type { JobHost, JobPlan } from '../job/job-host.js';
import type { JobEvent } from '../job/job-state.js';
import { newRecord } from '../job/report.js';
import { configChanges } from './config-changes.js';
import { describeWorker } from './describe-worker.js';
import { FileSystems } from './file-systems.js';
import {
  dueAfterRun,
  dueAfterStart,
  firstRecords,
  untoldRecords,
  type EndedRun,
} from './initial-schedule.js';
import type { WorkerOptions } from './options.js';
import { Orphans } from './orphans.js';
import { makePlan } from './plan.js';
import { reloadFailure, describeReload, reloadReport } from './reload-report.js';
import { openEquipment, providersOf, type Equipment } from './resources.js';
import { Roster } from './roster.js';
import { Sinks } from './sinks.js';
import { snapshotOf } from './snapshot.js';

/** Milliseconds until a command is answered, with its work going on. Source: old peers give up after 5 s. */
const answerWithinMs = 3500;

const ok: CommandResult = { status: 200, message: 'OK' };
const stillAtWork: CommandResult = { status: 200, message: 'OK, still at work' };

const events = {
  start: 'start',
  restart: 'restart',
  stop: 'stop',
  disable: 'disable',
} as const satisfies Record<string, JobEvent>;

/** The worker: {@link Worker}. */
export class Engine implements Worker, JobHost {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly admission: Admission;
  readonly #options: WorkerOptions;
  readonly #emitter: Emitter<WorkerEvents>;
  readonly #scheduler: Scheduler<string>;
  readonly #sinks: Sinks;
  readonly #providers;
  readonly #random: () => number;
  readonly #fileSystems: FileSystems;
  readonly #roster: Roster;
  /** What a crash left of mirrors that are not configured any more. */
  #orphans: Orphans | undefined;
  #equipment: Equipment | undefined;
  /** Opens when the worker is told to stop. */
  readonly #told = new Deferred();
  #state: 'new' | 'running' | 'stopping' = 'new';
  #started: Promise<void> | undefined;
  #stopped: Promise<void> | undefined;
  /** Reloads go one after the other, so that what was asked for last is what is in force. */
  readonly #reloads = new SerialQueue();

  constructor(options: WorkerOptions) {
    this.#options = options;
    this.clock = options.clock ?? systemClock;
    this.logger = options.logger ?? nullLogger;
    this.#providers = providersOf(options.providers ?? []);
    this.#random = options.random ?? Math.random;
    const { concurrent, perUpstreamConcurrent } = options.config.global;
    this.admission = new Admission({
      slots: Math.max(1, concurrent),
      perUpstreamConcurrent,
      clock: this.clock,
      logger: this.logger,
      onWaitsChanged: (tickets) => {
        for (const { mirror, waits } of tickets) {
          if (waits !== undefined) this.emit('waits', { mirror, waits });
        }
        this.#sinks.factsChanged();
      },
    });
    this.#fileSystems = new FileSystems(this.clock);
    this.#emitter = new Emitter((event, error) => {
      this.logger.error(`a listener of '${event}' failed: ${messageOf(error)}`);
    });
    this.#sinks = new Sinks(options.reports ?? [], this.logger);
    this.#roster = new Roster({
      host: this,
      plan: (mirror) => this.#plan(mirror),
      leftover: (mirror) => this.#orphans?.endOf(mirror),
      forget: (mirror) => this.#equipment?.records.remove(mirror),
    });
    this.#scheduler = new Scheduler<string>({
      clock: this.clock,
      logger: this.logger,
      onDue: (names) => {
        this.#due(names);
      },
      onJump: () => {
        for (const job of this.#roster.jobs) job.clockJumped();
        this.#scheduleChanged();
        this.admission.reconsider();
      },
    });
  }

  get name(): string {
    return this.#options.config.global.name;
  }

  /** As {@link JobHost} has it. */
  get worker(): string {
    return this.name;
  }

  async facts(): Promise<EngineFacts> {
    // a manager that takes the registration is told at once, and would wait long for anything better
    await this.#started?.catch(() => undefined);
    return describeWorker(this.#roster.jobs, this.admission, this.#fileSystems);
  }

  start(): Promise<void> {
    if (this.#state === 'stopping') {
      return Promise.reject(
        new TunasyncError('WORKER_STOPPED', 'a worker that was stopped cannot start again'),
      );
    }
    this.#started ??= this.#start();
    return this.#started;
  }

  stop(): Promise<void> {
    if (this.#stopped !== undefined) return this.#stopped;
    const starting = this.#state === 'new';
    this.#state = 'stopping';
    this.#told.resolve();
    this.#stopped = this.#stop(starting);
    return this.#stopped;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  on<Name extends keyof WorkerEvents>(name: Name, listener: WorkerListener<Name>): () => void {
    return this.#emitter.on(name, listener);
  }

  jobs(): JobSnapshot[] {
    return this.#roster.jobs.map(snapshotOf);
  }

  async command(command: WorkerCommand): Promise<CommandResult> {
    try {
      const { verb, mirror } = command;
      if (this.#started === undefined || this.#state === 'stopping') {
        return { status: 500, message: 'the worker is not running' };
      }
      if (verb === 'reload') return await this.#answerInTime(this.#reloads.add(() => this.#loadAndReload()));
      if (mirror === '') return { status: 406, message: `Invalid Command: '${verb}' needs a mirror` };
      return await this.#answerInTime(this.#jobCommand(command));
    } catch (error) {
      return { status: 500, message: messageOf(error) };
    }
  }

  reload(config: WorkerConfig): Promise<ReloadReport> {
    return this.#reloads.add(() => this.#reload(config));
  }

  // what jobs use

  nextDue(mirror: MirrorConfig, run: EndedRun): number {
    return dueAfterRun(mirror, run, { now: this.clock.now(), random: this.#random });
  }

  firstDue(mirror: MirrorConfig): number {
    return dueAfterStart(mirror, this.clock.now(), this.#random);
  }

  newId(): string {
    return randomUUID();
  }

  scheduledAt(mirror: string): number {
    return this.#scheduler.at(mirror) ?? 0;
  }

  schedule(mirror: string, due: number): void {
    if (due === 0) {
      if (!this.#scheduler.remove(mirror)) return;
    } else {
      this.#scheduler.set(mirror, due);
    }
    this.emit('schedule', { mirror, nextDue: due });
    if (this.#state === 'running') this.#scheduleChanged();
  }

  keep(record: JobRecord): void {
    this.#equipment?.records.put(record);
  }

  async kept(): Promise<void> {
    await this.#equipment?.records.flush();
  }

  async reportsKept(): Promise<void> {
    await this.#sinks.kept();
  }

  async clearUp(mirror: string, handle: ExecutionHandle): Promise<void> {
    try {
      await this.#equipment?.executors.of(handle)?.cleanup(handle);
    } catch (error) {
      this.logger.warn(`${mirror}: cannot clear up after a command: ${messageOf(error)}`);
    }
  }

  report(status: MirrorStatus): void {
    this.emit('status', status);
    this.#sinks.status(status);
  }

  reportRun(record: RunRecord): void {
    this.#sinks.run(record);
  }

  reportProgress(mirror: string, progress: Progress): void {
    this.emit('progress', { mirror, ...progress });
    this.#sinks.progress({ name: mirror, ...progress });
  }

  emit<Name extends keyof WorkerEvents>(name: Name, event: WorkerEvents[Name]): void {
    this.#emitter.emit(name, event);
  }

  async #start(): Promise<void> {
    const { config, restore } = this.#options;
    const equipment = await openEquipment(this.#options, this.logger, this.clock);
    this.#equipment = equipment;
    const restored = restore?.().catch((error: unknown) => {
      this.logger.warn(`no manager told what it knows: ${messageOf(error)}`);
      return undefined;
    });
    const [records, statuses] = await Promise.all([
      equipment.records.load(),
      Promise.race([restored, this.#told.promise.then(() => undefined)]),
    ]);
    if (!this.#isStopping()) await equipment.sweep(notedCommands(records.values()));
    // stopped meanwhile: nothing may begin any more
    if (this.#isStopping()) return;
    const { mirrors } = config;
    const hasManager = config.manager.apiBases.length > 0;
    const now = this.clock.now();
    const knowledge = { mirrors, records, statuses, hasManager, now, random: this.#random };
    const first = firstRecords(knowledge);
    for (const [index, mirror] of mirrors.entries()) {
      this.#roster.open(mirror, first[index] ?? newRecord(mirror.name));
    }
    const undelivered = this.#sinks.undelivered();
    for (const { name } of untoldRecords(first, knowledge)) {
      if (!undelivered.has(name)) this.#roster.get(name)?.tell();
    }
    for (const name of this.#sinks.underWay()) {
      const job = this.#roster.get(name);
      if (job?.record.run === null && job.record.mode !== 'disabled') job.tell();
    }
    this.#orphans = this.#makeOrphans(equipment, statuses ?? []);
    for (const record of records.values()) {
      if (!this.#roster.has(record.name)) this.#orphans.add(record);
    }
    this.#state = 'running';
    this.#scheduleChanged();
    this.#scheduler.start();
  }

  #makeOrphans({ executors, records }: Equipment, statuses: readonly MirrorStatus[]): Orphans {
    return new Orphans({
      worker: this.name,
      executors,
      records,
      logger: this.logger,
      isConfigured: (name) => this.#roster.has(name),
      statuses,
      report: (status) => {
        this.report(status);
      },
      reportRun: (record) => {
        this.reportRun(record);
        return this.reportsKept();
      },
      now: () => this.clock.now(),
    });
  }

  async #stop(starting: boolean): Promise<void> {
    this.#scheduler.stop();
    // who called start is told when that failed
    if (starting) await this.#started?.catch(() => undefined);
    const jobs = this.#roster.all;
    for (const job of jobs) job.handle('halt');
    await Promise.all([...jobs.map((job) => job.settled), this.#orphans?.gone()]);
    this.admission.close();
    try {
      await this.#equipment?.close();
    } catch (error) {
      this.logger.error(`the worker's records could not be closed: ${messageOf(error)}`);
    }
  }

  #isStopping(): boolean {
    return this.#state === 'stopping';
  }

  #plan(mirror: MirrorConfig): JobPlan {
    const { config, retryDelayMs, retryDelayMaxMs } = this.#options;
    if (this.#equipment === undefined) throw notRunning();
    return makePlan(mirror, {
      config,
      providers: this.#providers,
      hooks: this.#equipment.hooks,
      executors: this.#equipment.executors,
      clock: this.clock,
      logger: this.logger,
      retryDelay: {
        ...(retryDelayMs !== undefined && { baseMs: retryDelayMs }),
        ...(retryDelayMaxMs !== undefined && { maxMs: retryDelayMaxMs }),
      },
      random: this.#random,
    });
  }

  #due(names: readonly string[]): void {
    this.admission.together(() => {
      for (const name of names) {
        this.emit('schedule', { mirror: name, nextDue: 0 });
        this.#roster.get(name)?.handle('due');
      }
    });
    this.#scheduleChanged();
  }

  #scheduleChanged(): void {
    this.#sinks.scheduleChanged(this.#currentSchedule);
  }

  readonly #currentSchedule = (): MirrorSchedule[] =>
    this.#scheduler.entries().map(([name, due]) => ({ name, next_schedule: toWireTime(due) }));

  /** Resolves when a crash cannot undo any more what the command did. */
  async #jobCommand({ verb, mirror, force }: WorkerCommand): Promise<CommandResult> {
    if (this.#state === 'new') await this.#started;
    const job = this.#roster.get(mirror);
    if (job === undefined) return { status: 404, message: `Mirror \`\`${mirror}'' not found` };
    if (verb === 'ping') return ok;
    if (verb === 'reload') return ok;
    this.logger.notice(`${verb}${force === true ? ' (forced)' : ''} ${mirror}`);
    job.handle(verb === 'start' && force === true ? 'force-start' : events[verb]);
    await Promise.all([this.kept(), this.reportsKept()]);
    return ok;
  }

  async #answerInTime(work: Promise<CommandResult>): Promise<CommandResult> {
    return (await withTimeout(this.clock, answerWithinMs, work)) ?? stillAtWork;
  }

  /** Never rejects. */
  async #loadAndReload(): Promise<CommandResult> {
    const { loadConfig } = this.#options;
    if (loadConfig === undefined)
      return { status: 406, message: 'this worker cannot load its configuration anew' };
    try {
      const loaded = await loadConfig();
      if (!loaded.ok) throw reloadFailure(loaded.diagnostics);
      for (const warning of loaded.diagnostics) this.logger.warn(formatDiagnostic(warning));
      await this.#started;
      this.#reload(loaded.value);
      return ok;
    } catch (error) {
      this.logger.error(`the configuration stays as it was: ${messageOf(error)}`);
      return { status: 500, message: messageOf(error) };
    }
  }

  #reload(next: WorkerConfig): ReloadReport {
    if (this.#state !== 'running') throw notRunning();
    const inForce = this.#roster.jobs.map((job) => job.mirror);
    const changes = configChanges(inForce, this.#options.config, next);
    this.#roster.change(changes);
    for (const section of changes.sections) {
      this.logger.warn(`[${section}] has changed: that takes effect after a restart only`);
    }
    const report = reloadReport(changes);
    this.logger.notice(describeReload(report));
    this.emit('reloaded', report);
    return report;
  }
}

/**
 * Makes a worker. Nothing runs before {@link Worker.start}.
 *
 * @throws `PROVIDER_DUPLICATE` when two of `options.providers` have the same name
 */
export function createWorker(options: WorkerOptions): Worker {
  return new Engine(options);
}

function notRunning(): TunasyncError {
  return new TunasyncError('WORKER_NOT_RUNNING', 'the worker is not running', { status: 500 });
}

/** Ids of the commands that an earlier process may have left. */
function notedCommands(records: Iterable<JobRecord>): Set<string> {
  return new Set(Array.from(records, ({ run }) => String(run?.handle?.['id'])));
}

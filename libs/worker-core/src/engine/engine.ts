import { formatDiagnostic, type MirrorConfig, type WorkerConfig } from '@tunasync/config';
import { nullLogger, type Logger } from '@tunasync/logger';
import { messageOf, systemClock, TunasyncError, type Clock, type MirrorStatus } from '@tunasync/protocol';
import { Scheduler } from '@tunasync/scheduler';
import { Deferred, Emitter, SerialQueue, withTimeout } from '@tunasync/util';
import { Admission } from '../admission/admission.js';
import type { CommandResult, WorkerCommand } from '../interfaces/commands.js';
import type { ReloadReport, WorkerEvents, WorkerListener } from '../interfaces/events.js';
import type { JobRecord } from '../interfaces/job-record.js';
import type { RestoredStatuses } from '../interfaces/reporting.js';
import type { EngineFacts } from '../interfaces/worker-facts.js';
import type { JobSnapshot, Worker } from '../interfaces/worker.js';
import type { JobPlan } from '../job/job-host.js';
import type { JobEvent } from '../job/job-state.js';
import { newRecord, toMirrorStatus } from '../job/report.js';
import { Outbox } from '../state/outbox.js';
import { configChanges } from './config-changes.js';
import { describeWorker } from './describe-worker.js';
import { FileSystems } from './file-systems.js';
import { firstRecords, untoldRecords } from './initial-schedule.js';
import { JobServices } from './job-services.js';
import type { WorkerOptions } from './options.js';
import { Orphans } from './orphans.js';
import { makePlan } from './plan.js';
import { describeReload, reloadFailure, reloadReport } from './reload-report.js';
import { openResources, providersOf, type Resources } from './resources.js';
import { Roster } from './roster.js';
import { snapshotOf } from './snapshot.js';

/** Milliseconds until a command is answered while its work continues. Source: old peers give up after 5 s. */
const answerWithinMs = 3500;

const ok: CommandResult = { status: 200, message: 'OK' };
const stillAtWork: CommandResult = { status: 200, message: 'OK, still at work' };

const events = {
  start: 'start',
  restart: 'restart',
  stop: 'stop',
  disable: 'disable',
} as const satisfies Record<string, JobEvent>;

/** What exists from the start on. */
interface Site {
  readonly resources: Resources;
  readonly outbox: Outbox;
  readonly services: JobServices;
  readonly roster: Roster;
  /** What a crash left of mirrors that are not configured any more. */
  readonly orphans: Orphans;
}

/** The worker: {@link Worker}. */
class Engine implements Worker {
  readonly #options: WorkerOptions;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #random: () => number;
  readonly #emitter: Emitter<WorkerEvents>;
  readonly #admission: Admission;
  readonly #scheduler: Scheduler<string>;
  readonly #providers;
  readonly #fileSystems: FileSystems;
  #site: Site | undefined;
  /** Resolves when the worker is to stop. */
  readonly #stopping = new Deferred();
  #state: 'new' | 'running' | 'stopping' = 'new';
  #started: Promise<void> | undefined;
  #stopped: Promise<void> | undefined;
  /** Reloads run one after the other, so that the last one asked for is active in the end. */
  readonly #reloads = new SerialQueue();

  constructor(options: WorkerOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#logger = options.logger ?? nullLogger;
    this.#random = options.random ?? Math.random;
    this.#providers = providersOf(options.providers ?? []);
    this.#fileSystems = new FileSystems(this.#clock);
    this.#emitter = new Emitter((event, error) => {
      this.#logger.error(`a listener of '${event}' failed: ${messageOf(error)}`);
    });
    const { concurrent, perUpstreamConcurrent } = options.config.global;
    this.#admission = new Admission({
      slots: Math.max(1, concurrent),
      perUpstreamConcurrent,
      clock: this.#clock,
      logger: this.#logger,
      onWaitsChanged: (tickets) => {
        for (const { mirror, waits } of tickets) {
          if (waits !== undefined) this.#emitter.emit('waits', { mirror, waits });
        }
        this.#site?.outbox.factsChanged();
      },
    });
    this.#scheduler = new Scheduler<string>({
      clock: this.#clock,
      logger: this.#logger,
      onDue: (names) => {
        this.#due(names);
      },
      onJump: () => {
        for (const job of this.#site?.roster.jobs ?? []) job.clockJumped();
        this.#site?.services.scheduleChanged();
        this.#admission.reconsider();
      },
    });
  }

  get name(): string {
    return this.#options.config.global.name;
  }

  async facts(): Promise<EngineFacts> {
    // the first heartbeat follows the registration, perhaps during the start; the next one comes much later
    await this.#started?.catch(() => undefined);
    return describeWorker(this.#site?.roster.jobs ?? [], this.#admission, this.#fileSystems);
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
    this.#stopping.resolve();
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
    return (this.#site?.roster.jobs ?? []).map(snapshotOf);
  }

  statuses(): MirrorStatus[] {
    return (this.#site?.roster.jobs ?? []).map(({ mirror, record }) =>
      toMirrorStatus(this.name, mirror, record),
    );
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

  async #start(): Promise<void> {
    const { config } = this.#options;
    const resources = await openResources(this.#options, this.#logger, this.#clock);
    const outbox = new Outbox(resources.state, this.#options.reports, this.#logger);
    const site = this.#makeSite(resources, outbox);
    this.#site = site;
    const [records, restored] = await Promise.all([resources.state.load(), this.#restore()]);
    if (!this.#isStopping()) await resources.sweep(notedCommands(records.values()));
    // stopped while starting: nothing may begin any more
    if (this.#isStopping()) return;
    const { mirrors } = config;
    const statuses = restored?.statuses;
    const hasManager = config.manager.apiBases.length > 0;
    const now = this.#clock.now();
    const knowledge = { mirrors, records, statuses, hasManager, now, random: this.#random };
    const first = firstRecords(knowledge);
    const { roster, orphans, services } = site;
    for (const [index, mirror] of mirrors.entries()) {
      roster.open(mirror, first[index] ?? newRecord(mirror.name));
    }
    for (const { name } of untoldRecords(first, knowledge)) {
      if (restored?.undelivered?.has(name) !== true) void roster.get(name)?.tell();
    }
    for (const record of records.values()) {
      if (!roster.has(record.name)) orphans.add(record, statuses);
    }
    this.#state = 'running';
    services.postSchedule(true);
    this.#scheduler.start();
  }

  #makeSite(resources: Resources, outbox: Outbox): Site {
    const services = new JobServices({
      worker: this.name,
      clock: this.#clock,
      logger: this.#logger,
      admission: this.#admission,
      scheduler: this.#scheduler,
      emitter: this.#emitter,
      outbox,
      executors: resources.executors,
      random: this.#random,
    });
    const orphans: Orphans = new Orphans({
      host: services,
      executors: resources.executors,
      isConfigured: (name) => roster.has(name),
    });
    const roster = new Roster({
      host: services,
      plan: (mirror) => this.#plan(mirror, resources),
      leftover: (mirror) => orphans.endOf(mirror),
    });
    return { resources, outbox, services, roster, orphans };
  }

  /** What the first manager knows; undefined: no answer, or the worker is to stop. */
  #restore(): Promise<RestoredStatuses | undefined> {
    const restored = this.#options.restore?.().catch((error: unknown) => {
      this.#logger.warn(`no manager told what it knows: ${messageOf(error)}`);
      return undefined;
    });
    return Promise.race([restored, this.#stopping.promise.then(() => undefined)]);
  }

  async #stop(starting: boolean): Promise<void> {
    this.#scheduler.stop();
    this.#site?.services.postSchedule(false);
    // the caller of start gets its failure
    if (starting) await this.#started?.catch(() => undefined);
    const jobs = this.#site?.roster.all ?? [];
    for (const job of jobs) job.handle('halt');
    await Promise.all([...jobs.map((job) => job.settled), this.#site?.orphans.gone()]);
    this.#admission.close();
    try {
      await this.#site?.resources.close();
    } catch (error) {
      this.#logger.error(`the worker's records could not be closed: ${messageOf(error)}`);
    }
  }

  #isStopping(): boolean {
    return this.#state === 'stopping';
  }

  #plan(mirror: MirrorConfig, { hooks, executors }: Resources): JobPlan {
    const { config, retryDelayMs, retryDelayMaxMs } = this.#options;
    return makePlan(mirror, {
      config,
      providers: this.#providers,
      hooks,
      executors,
      clock: this.#clock,
      logger: this.#logger,
      retryDelay: {
        ...(retryDelayMs !== undefined && { baseMs: retryDelayMs }),
        ...(retryDelayMaxMs !== undefined && { maxMs: retryDelayMaxMs }),
      },
      random: this.#random,
    });
  }

  #due(names: readonly string[]): void {
    this.#admission.together(() => {
      for (const name of names) {
        this.#emitter.emit('schedule', { mirror: name, nextDue: 0 });
        this.#site?.roster.get(name)?.handle('due');
      }
    });
    this.#site?.services.scheduleChanged();
  }

  /** Resolves when a crash cannot undo any more what the command did. */
  async #jobCommand({ verb, mirror, force }: WorkerCommand): Promise<CommandResult> {
    if (this.#state === 'new') await this.#started;
    const job = this.#site?.roster.get(mirror);
    if (job === undefined) return { status: 404, message: `Mirror \`\`${mirror}'' not found` };
    if (verb === 'ping') return ok;
    if (verb === 'reload') return ok;
    this.#logger.notice(`${verb}${force === true ? ' (forced)' : ''} ${mirror}`);
    job.handle(verb === 'start' && force === true ? 'force-start' : events[verb]);
    await this.#site?.outbox.settled();
    return ok;
  }

  async #answerInTime(work: Promise<CommandResult>): Promise<CommandResult> {
    return (await withTimeout(this.#clock, answerWithinMs, work)) ?? stillAtWork;
  }

  /** Never rejects. */
  async #loadAndReload(): Promise<CommandResult> {
    const { loadConfig } = this.#options;
    if (loadConfig === undefined)
      return { status: 406, message: 'this worker cannot load its configuration anew' };
    try {
      const loaded = await loadConfig();
      if (!loaded.ok) throw reloadFailure(loaded.diagnostics);
      for (const warning of loaded.diagnostics) this.#logger.warn(formatDiagnostic(warning));
      await this.#started;
      this.#reload(loaded.value);
      return ok;
    } catch (error) {
      this.#logger.error(`the configuration stays as it was: ${messageOf(error)}`);
      return { status: 500, message: messageOf(error) };
    }
  }

  #reload(next: WorkerConfig): ReloadReport {
    if (this.#site === undefined || this.#state !== 'running') throw notRunning();
    const { roster } = this.#site;
    const active = roster.jobs.map((job) => job.mirror);
    const changes = configChanges(active, this.#options.config, next);
    roster.change(changes);
    for (const section of changes.sections) {
      this.#logger.warn(`[${section}] has changed: that takes effect after a restart only`);
    }
    const report = reloadReport(changes);
    this.#logger.notice(describeReload(report));
    this.#emitter.emit('reloaded', report);
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

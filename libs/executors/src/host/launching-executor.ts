import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf, systemClock, type Clock } from '@tunasync/protocol';
import { sleep } from '@tunasync/util';
import { checkCommand, unportableNames } from '../executor/command-checks.js';
import { ExecutorError } from '../executor/executor-error.js';
import type { ExecutorOptions } from '../executor/executor-options.js';
import type {
  CommandSpec,
  Execution,
  ExecutionContext,
  ExecutionHandle,
  Executor,
  ExitResult,
} from '../executor/interfaces.js';
import { openExitRecordOrWarn, openLog, release } from '../launcher/command-files.js';
import { exitRecordedAt, noteOutOfMemory, readExitRecord } from '../launcher/exit-record.js';
import { endOfLauncher, unknownEnd } from '../launcher/launcher-end.js';
import { markerName, Markers } from '../launcher/marker.js';
import { spawnLauncher } from '../launcher/spawn-launcher.js';
import { GroupMembers } from '../process/group-members.js';
import { ProcessEnder } from '../process/process-ender.js';
import { readBootId } from '../procfs/process-details.js';
import { readProcessStat } from '../procfs/process-table.js';
import { RunningProcesses } from '../procfs/running-processes.js';
import type { Containment, Place } from './containment.js';
import { findLauncher } from './find-launcher.js';
import { HostExecution } from './host-execution.js';
import { asHandleOf, isStarted, type ForeseenHandle, type HostHandle } from './host-handle.js';

/** Time between looks at a command that another process started, in milliseconds. */
const attachedPollMs = 500;

/** Runs commands by the launcher: on the bare host, or in a {@link Containment}. */
export class LaunchingExecutor implements Executor {
  readonly name: string;
  readonly #containment: Containment | undefined;
  readonly #stateDir: string;
  readonly #env: NodeJS.ProcessEnv;
  readonly #clock: Clock;
  readonly #logger: ExecutorOptions['logger'];
  readonly #shell: string;
  readonly #markers: Markers;
  readonly #running: RunningProcesses;
  readonly #bootId = readBootId();

  constructor(name: string, options: ExecutorOptions, containment?: Containment) {
    const { stateDir, env, clock = systemClock, logger, shell = '/bin/sh' } = options;
    this.name = name;
    this.#containment = containment;
    this.#stateDir = stateDir;
    this.#env = { ...env };
    this.#clock = clock;
    this.#logger = logger;
    this.#shell = shell;
    this.#markers = new Markers(stateDir);
    this.#running = new RunningProcesses(clock);
  }

  foresee(context: ExecutionContext): ForeseenHandle {
    const { id } = context;
    return {
      executor: this.name,
      id,
      pid: null,
      startTime: null,
      bootId: this.#bootId,
      exitFile: join(this.#stateDir, `${id}.exit`),
      marker: this.#markers.of(id),
      ...this.#containment?.foresee(context),
    };
  }

  async start(spec: CommandSpec, context: ExecutionContext): Promise<Execution> {
    checkCommand(spec, context.id);
    this.#warnOfNames(spec, context.mirror);
    const foreseen = this.foresee(context);
    const place = await this.#containment?.place(context);
    try {
      return await this.#launch(spec, foreseen, place);
    } catch (error) {
      await place?.remove();
      throw error;
    }
  }

  /**
   * Finds a command again. While it runs, `exit` waits for it. After its end, `exit` has the recorded result. When
   * its end was not recorded but processes of it are left, these are ended and the result is unknown (both fields
   * null). Undefined when neither a record nor a process is left, or when the handle is not of this executor.
   */
  async attach(handle: ExecutionHandle): Promise<Execution | undefined> {
    const noted = asHandleOf(this.name, handle);
    if (noted === undefined) return undefined;
    const ofThisBoot = noted.bootId !== '' && noted.bootId === this.#bootId;
    const known = ofThisBoot && !isStarted(noted) ? await this.#find(noted) : noted;
    const group = ofThisBoot ? this.#groupOf(known) : undefined;
    const place = ofThisBoot ? this.#containment?.revive(known) : undefined;
    if (group?.leaderRuns() === true) {
      return this.#execution(known, group, place, this.#endOfAttached(known, group));
    }
    const result = await readExitRecord(known.exitFile);
    const endedAt = result === undefined ? undefined : await exitRecordedAt(known.exitFile);
    if (result === undefined && group?.isAlive() !== true && place?.members(undefined).isAlive() !== true) {
      await place?.remove();
      return undefined;
    }
    return this.#execution(known, group, place, Promise.resolve(result ?? unknownEnd), endedAt);
  }

  async cleanup(handle: ExecutionHandle): Promise<void> {
    const known = asHandleOf(this.name, handle);
    if (known === undefined) return;
    await rm(known.exitFile, { force: true });
  }

  async #launch(spec: CommandSpec, foreseen: ForeseenHandle, place: Place | undefined): Promise<Execution> {
    const { exitFile } = foreseen;
    const recordOpened = openExitRecordOrWarn(exitFile, this.#logger);
    const log = await openLog(spec.logFile).catch((error: unknown) => messageOf(error));
    const record = await recordOpened;
    try {
      if (typeof log === 'string') {
        throw new ExecutorError(`cannot open the log of ${spec.argv[0]}: ${log}`);
      }
      const child = await spawnLauncher({
        shell: this.#shell,
        launcherOptions: place?.launcherOptions ?? [],
        argv: spec.argv,
        cwd: spec.cwd,
        env: { ...this.#env, ...spec.env, [markerName]: foreseen.marker },
        log,
        record,
      });
      // await nothing before the listener is registered: it would miss the child's end
      const { pid } = child;
      const startTime = readProcessStat(pid)?.startTime ?? null;
      const handle: HostHandle = { ...foreseen, ...place?.details, pid, startTime };
      return this.#execution(handle, new GroupMembers(pid), place, endOfLauncher(child, exitFile));
    } catch (error) {
      // the command never ran: its record serves no purpose
      if (record !== undefined) await rm(exitFile, { force: true }).catch(() => undefined);
      throw error;
    } finally {
      release(typeof log === 'number' ? log : undefined, record);
    }
  }

  #execution(
    handle: ForeseenHandle,
    group: GroupMembers | undefined,
    place: Place | undefined,
    ended: Promise<ExitResult>,
    endedAt?: number,
  ): Execution {
    const pid = handle.pid ?? undefined;
    // the group sends signals to its own members
    const inPlace = place?.members(group?.leaderRuns() === true ? pid : undefined);
    return new HostExecution({
      handle,
      ender: new ProcessEnder(
        [group, inPlace].filter((set) => set !== undefined),
        this.#clock,
      ),
      ended,
      endedAt,
      settle: (result) => this.#settle(result, handle, place),
      processes: () => {
        const members = pid === undefined ? [] : group?.ofThisGroup(this.#running.inGroup(pid));
        return place?.pids() ?? members ?? [];
      },
    });
  }

  /** Takes the place away and keeps what it knew. */
  async #settle(
    result: ExitResult,
    { exitFile }: ForeseenHandle,
    place: Place | undefined,
  ): Promise<ExitResult> {
    if (place === undefined) return result;
    const judged = place.judge(result);
    try {
      if (judged.outOfMemory === true) await noteOutOfMemory(exitFile);
    } catch (error) {
      this.#logger?.warn(`a crash would lose that a command ran out of memory: ${messageOf(error)}`);
    }
    await place.remove();
    return judged;
  }

  /** The handle with what is found of the launcher. */
  async #find(handle: ForeseenHandle): Promise<ForeseenHandle> {
    const found = await findLauncher(handle, this.#clock);
    return found === undefined ? handle : { ...handle, pid: found.pid, startTime: found.startTime };
  }

  #groupOf({ pid, startTime, marker }: ForeseenHandle): GroupMembers | undefined {
    if (pid === null || startTime === null) return undefined;
    return new GroupMembers(pid, { startTime, marker: `${markerName}=${marker}` });
  }

  async #endOfAttached({ exitFile }: ForeseenHandle, group: GroupMembers): Promise<ExitResult> {
    while (group.leaderRuns()) {
      await sleep(this.#clock, attachedPollMs);
    }
    return (await readExitRecord(exitFile)) ?? unknownEnd;
  }

  #warnOfNames({ env }: CommandSpec, mirror: string): void {
    const names = unportableNames(env);
    if (names.length === 0) return;
    this.#logger?.warn(
      `${mirror}: the shell may keep environment variables of such names from the command: ${names.join(', ')}`,
    );
  }
}

import { join } from 'node:path';
import { messageOf, type Clock } from '@tunasync/protocol';
import { ExecutorError } from '../executor/executor-error.js';
import type { ExecutionContext, ExitResult } from '../executor/interfaces.js';
import type { Containment, Place } from '../host/containment.js';
import type { ForeseenHandle } from '../host/host-handle.js';
import { markerName, type Markers } from '../launcher/marker.js';
import { ProcessEnder } from '../process/process-ender.js';
import type { ProcessSet } from '../process/process-set.js';
import { hasInEnvironment, readEnvironment } from '../procfs/process-details.js';
import type { CgroupBase } from './cgroup-base.js';
import { cgroupId, cgroupVersion } from './cgroup-files.js';
import { CgroupMembers } from './cgroup-members.js';
import { cgroupName } from './cgroup-name.js';
import { JobCgroup } from './job-cgroup.js';

/** Between SIGTERM and SIGKILL for what an earlier worker left, in milliseconds. */
const leftoverGraceMs = 2_000;

/** Options of {@link CgroupContainment}. */
export interface CgroupContainmentOptions {
  /** Undefined: no command is started, those of an earlier process are found again. */
  base: CgroupBase | undefined;
  clock: Clock;
  markers: Markers;
  warn: (message: string) => void;
}

/** A cgroup for every mirror whose command runs. */
export class CgroupContainment implements Containment {
  readonly #options: CgroupContainmentOptions;
  /** Which execution has a cgroup. */
  readonly #taken = new Map<string, string>();

  constructor(options: CgroupContainmentOptions) {
    this.#options = options;
  }

  foresee({ mirror }: ExecutionContext): Place['details'] {
    return { cgroup: this.#pathOf(mirror), cgroupId: null };
  }

  async place({ mirror, id, memoryLimit = 0 }: ExecutionContext): Promise<Place> {
    const base = this.#base;
    if (memoryLimit > 0 && base.noMemoryLimit !== undefined) {
      throw new ExecutorError(`${mirror}: its memory_limit cannot be enforced: ${base.noMemoryLimit}`);
    }
    const cgroup = new JobCgroup(this.#pathOf(mirror), base.version);
    if (this.#taken.has(cgroup.path)) {
      throw new ExecutorError(`${mirror}: another command of it is running in the cgroup ${cgroup.path}`);
    }
    this.#taken.set(cgroup.path, id);
    const place = this.#placeIn(cgroup, id);
    try {
      await this.#clear(cgroup, mirror);
      await cgroup.create();
      try {
        if (memoryLimit > 0) cgroup.limitMemory(memoryLimit);
      } catch (error) {
        throw new ExecutorError(`${mirror}: cannot set its memory_limit: ${messageOf(error)}`, {
          cause: error,
        });
      }
    } catch (error) {
      if (error instanceof ExecutorError) {
        await this.#leave(cgroup, id);
        throw error;
      }
      this.#taken.delete(cgroup.path);
      throw new ExecutorError(`${mirror}: cannot make its cgroup: ${messageOf(error)}`, { cause: error });
    }
    return { ...place, details: { cgroup: cgroup.path, cgroupId: cgroupId(cgroup.path) ?? null } };
  }

  revive(handle: ForeseenHandle): Place | undefined {
    const { cgroup: path, cgroupId: noted, id, marker } = handle;
    if (typeof path !== 'string') return undefined;
    const now = cgroupId(path);
    const taken = this.#taken.get(path);
    if (now === undefined || (taken !== undefined && taken !== id)) return undefined;
    const cgroup = new JobCgroup(path, cgroupVersion(path));
    if (typeof noted === 'string' ? noted !== now : !holdsOnly(cgroup, marker)) return undefined;
    this.#taken.set(path, id);
    return { ...this.#placeIn(cgroup, id), details: { cgroup: path, cgroupId: now } };
  }

  #pathOf(mirror: string): string {
    return join(this.#base.path, cgroupName(mirror));
  }

  get #base(): CgroupBase {
    const { base } = this.#options;
    if (base === undefined) throw new ExecutorError('cgroups are not in use');
    return base;
  }

  #placeIn(cgroup: JobCgroup, id: string): Omit<Place, 'details'> {
    return {
      launcherOptions: ['-g', join(cgroup.path, 'cgroup.procs')],
      pids: () => cgroup.pids(),
      members: (group): ProcessSet => new CgroupMembers(cgroup, group),
      judge: (result) => judge(cgroup, result),
      remove: () => this.#leave(cgroup, id),
    };
  }

  /** Ends processes of an earlier worker of this state folder whose handle is lost, and removes their cgroup. */
  async #clear(cgroup: JobCgroup, mirror: string): Promise<void> {
    const { clock, markers, warn } = this.#options;
    const pids = cgroup.pids();
    if (pids.length > 0) {
      if (!pids.some((pid) => markers.isOurs(readEnvironment(pid)))) {
        throw new ExecutorError(
          `${mirror}: processes that this worker did not start are in its cgroup ${cgroup.path} ` +
            `(pid ${pids.slice(0, 5).join(', ')}): end them, or give each worker a cgroup.group of its own`,
        );
      }
      warn(`${mirror}: ending processes of an earlier worker in the cgroup ${cgroup.path}`);
      await new ProcessEnder([new CgroupMembers(cgroup, undefined)], clock).sweep(leftoverGraceMs);
    }
    await cgroup.remove(clock);
  }

  /** Never rejects: the next command of the mirror empties a cgroup that remains. */
  async #leave(cgroup: JobCgroup, id: string): Promise<void> {
    try {
      if (!cgroup.isPopulated()) await cgroup.remove(this.#options.clock);
    } catch (error) {
      this.#options.warn(`cannot remove the cgroup ${cgroup.path}: ${messageOf(error)}`);
    }
    if (this.#taken.get(cgroup.path) === id) this.#taken.delete(cgroup.path);
  }
}

/** Whether a cgroup may be that of the execution with this marker: it is empty, or has processes of it. */
function holdsOnly(cgroup: JobCgroup, marker: string): boolean {
  const pids = cgroup.pids();
  return pids.length === 0 || pids.some((pid) => hasInEnvironment(pid, `${markerName}=${marker}`));
}

function judge(cgroup: JobCgroup, result: ExitResult): ExitResult {
  if (!cgroup.wentOverLimit(result.signal === 'SIGKILL')) return result;
  // a launcher that was killed with its command could not record that
  const unseen = result.code === null && result.signal === null;
  return { ...result, ...(unseen && { signal: 'SIGKILL' }), outOfMemory: true };
}

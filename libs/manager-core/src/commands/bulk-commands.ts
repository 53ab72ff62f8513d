import { messageOf, mostCommanded, type ApiCommand, type ApiCommandReply } from '@tunasync/protocol';
import { matchGlob } from '@tunasync/util';
import { ManagerError } from '../errors/manager-error.js';
import type { StatusCache } from '../store/status-cache.js';
import type { CommandService } from './command-service.js';

/** Commands to a worker that are under way at a time. */
const atOnce = 8;

type Result = ApiCommandReply['results'][number];
type Target = Pick<Result, 'worker' | 'name'>;

/** Commands that a worker leaves unanswered before it gets no more of them: they would take minutes for nothing. */
const mostUnanswered = 3;

/** Why each command failed that a worker did not answer, by worker. */
type Unanswered = Map<string, ManagerError[]>;

/** Passes commands on for many jobs. */
export class BulkCommands {
  readonly #store: StatusCache;
  readonly #commands: CommandService;

  constructor(store: StatusCache, commands: CommandService) {
    this.#store = store;
    this.#commands = commands;
  }

  /**
   * Resolves to the answers, in the order of the jobs, one for each. Workers do not wait for each other.
   *
   * @throws ManagerError `COMMAND_INVALID` for too many jobs
   */
  async send(command: ApiCommand): Promise<ApiCommandReply> {
    const targets = this.#targets(command);
    const results = new Array<Result>(targets.length);
    const unanswered: Unanswered = new Map();
    const failures: unknown[] = [];
    const work = async (queue: Iterable<readonly [number, Target]>): Promise<void> => {
      for (const [index, target] of queue) {
        if (failures.length > 0) return;
        try {
          results[index] = await this.#sendTo(target, command, unanswered);
        } catch (error) {
          failures.push(error);
        }
      }
    };
    const lanes = queuesOf(targets).flatMap((queue) => {
      const shared = queue.values();
      return Array.from({ length: Math.min(atOnce, queue.length) }, () => work(shared));
    });
    await Promise.all(lanes);
    if (failures.length > 0) throw failures[0];
    return { results };
  }

  async #sendTo(
    { worker, name }: Target,
    { cmd, force }: ApiCommand,
    unanswered: Unanswered,
  ): Promise<Result> {
    const options = cmd === 'start' && force ? { force } : null;
    try {
      const { message } = await this.#commands.ask(
        { cmd, mirror_id: name, worker_id: worker, args: null, options },
        () => whyNot(worker, unanswered.get(worker)),
      );
      return { worker, name, ok: true, message };
    } catch (error) {
      // what nobody foresaw (a database that cannot be written) is no answer of a worker
      if (!(error instanceof ManagerError)) throw error;
      if (error.code === 'COMMAND_UNCONFIRMED' || error.code === 'COMMAND_UNDELIVERED') {
        unanswered.set(worker, [...(unanswered.get(worker) ?? []), error].slice(0, mostUnanswered));
      }
      return { worker, name, ok: false, message: messageOf(error) };
    }
  }

  #targets({ jobs, glob = '', worker }: ApiCommand): Target[] {
    if (jobs !== undefined) {
      const each = new Map(jobs.map((job) => [JSON.stringify([job.worker, job.name]), this.#known(job)]));
      return [...each.values()];
    }
    const found = this.#store
      .statuses()
      .filter((status) => (worker === undefined || status.worker === worker) && matchGlob(glob, status.name));
    if (found.length > mostCommanded) {
      throw new ManagerError(
        'COMMAND_INVALID',
        `glob: expected to fit at most ${mostCommanded} jobs; it fits ${found.length}`,
      );
    }
    return found.map(({ worker, name }) => ({ worker, name }));
  }

  #known({ worker, name }: Target): Target {
    if (worker !== '') return { worker, name };
    throw new ManagerError('COMMAND_INVALID', 'jobs: expected the worker of each');
  }
}

/** Why a worker gets no more commands. */
function whyNot(worker: string, unanswered: readonly ManagerError[] = []): ManagerError | undefined {
  if (unanswered.length < mostUnanswered) return undefined;
  const isSilent = unanswered.some(({ code }) => code === 'COMMAND_UNCONFIRMED');
  const what = isSilent ? 'did not answer in time to' : 'could not be reached for';
  const message = `worker ${worker} ${what} other commands: this one was not sent`;
  return new ManagerError('COMMAND_UNDELIVERED', message);
}

/** The targets of each worker, with their places among all. */
function queuesOf(targets: readonly Target[]): (readonly [number, Target])[][] {
  const queues = new Map<string, (readonly [number, Target])[]>();
  for (const [index, target] of targets.entries()) {
    const queue = queues.get(target.worker);
    if (queue === undefined) queues.set(target.worker, [[index, target]]);
    else queue.push([index, target]);
  }
  return [...queues.values()];
}

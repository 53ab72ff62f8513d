import { messageOf, mostCommanded, type ApiCommand, type ApiCommandReply } from '@tunasync/protocol';
import { ManagerError } from '../errors.js';
import type { CommandService } from './command-service.js';
import { fitsGlob } from './fits-glob.js';
import type { StatusCache } from './status-cache.js';

/** Commands under way at a time. */
const atOnce = 16;

type Target = Pick<ApiCommandReply['results'][number], 'worker' | 'name'>;

/** Passes commands on for many jobs. */
export class BulkCommands {
  readonly #store: StatusCache;
  readonly #commands: CommandService;

  constructor(store: StatusCache, commands: CommandService) {
    this.#store = store;
    this.#commands = commands;
  }

  /** Resolves to the answers, in the order of the jobs. @throws ManagerError `COMMAND_INVALID` for too many jobs */
  async send(command: ApiCommand): Promise<ApiCommandReply> {
    const targets = this.#targets(command);
    const results = new Array<ApiCommandReply['results'][number]>(targets.length);
    const queue = targets.entries();
    const work = async (): Promise<void> => {
      for (const [index, target] of queue) results[index] = await this.#sendTo(target, command);
    };
    await Promise.all(Array.from({ length: atOnce }, work));
    return { results };
  }

  async #sendTo(
    { worker, name }: Target,
    { cmd, force }: ApiCommand,
  ): Promise<ApiCommandReply['results'][number]> {
    const options = cmd === 'start' && force ? { force } : null;
    try {
      const { message } = await this.#commands.ask({
        cmd,
        mirror_id: name,
        worker_id: worker,
        args: null,
        options,
      });
      return { worker, name, ok: true, message };
    } catch (error) {
      // what nobody foresaw (a database that cannot be written) is no answer of a worker
      if (!(error instanceof ManagerError)) throw error;
      return { worker, name, ok: false, message: messageOf(error) };
    }
  }

  #targets({ jobs, glob = '', worker }: ApiCommand): Target[] {
    if (jobs !== undefined) return jobs.map((job) => this.#known(job));
    const found = this.#store
      .statuses()
      .filter((status) => (worker === undefined || status.worker === worker) && fitsGlob(glob, status.name));
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

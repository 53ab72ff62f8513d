import type { Logger } from '@tunasync/logger';
import {
  messageOf,
  shortened,
  TunasyncError,
  zeroTime,
  type ClientCmd,
  type Clock,
  type MirrorStatus,
  type WorkerCmd,
  type WorkerStatus,
} from '@tunasync/protocol';
import type { StopRecord } from '@tunasync/store';
import { ManagerError } from '../errors/manager-error.js';
import { isStopped } from '../reports/late-report.js';
import type { StatusCache } from '../store/status-cache.js';
import type { CommandSender } from '../workers/command-sender.js';
import type { HeartbeatRegistry } from '../workers/heartbeat-registry.js';

/** What {@link CommandService} needs. */
export interface CommandServiceOptions {
  store: StatusCache;
  heartbeats: HeartbeatRegistry;
  clock: Pick<Clock, 'now'>;
  send: CommandSender;
  logger: Logger;
}

/** Passes commands of clients on to workers: the rules for `/cmd` of docs/http-api.md. */
export class CommandService {
  readonly #store: StatusCache;
  readonly #heartbeats: HeartbeatRegistry;
  readonly #clock: Pick<Clock, 'now'>;
  readonly #send: CommandSender;
  readonly #logger: Logger;

  constructor({ store, heartbeats, clock, send, logger }: CommandServiceOptions) {
    this.#store = store;
    this.#heartbeats = heartbeats;
    this.#clock = clock;
    this.#send = send;
    this.#logger = logger;
  }

  /**
   * Stores what the command means for the mirror's status, posts it, and resolves to the id of the worker that
   * accepted it. @throws ManagerError when the worker is unknown, cannot be reached or refuses
   */
  async pass(command: ClientCmd): Promise<string> {
    return (await this.ask(command)).worker;
  }

  /**
   * The same, with the worker's words.
   *
   * @param whyNot - a reason not to post it, asked for right before; what the command means is stored all the same
   */
  async ask(
    command: ClientCmd,
    whyNot?: () => ManagerError | undefined,
  ): Promise<{ worker: string; message: string }> {
    const { cmd, args, options } = command;
    // a worker of v0.10 takes reload for an unknown verb when it comes with a mirror
    const mirror = cmd === 'reload' ? '' : command.mirror_id;
    const worker = this.#workerFor(command);
    if (mirror === '' && cmd !== 'reload') {
      throw new ManagerError('COMMAND_INVALID', `mirror_id: expected the mirror to ${cmd}`);
    }
    const known = this.#store.status(worker.id, mirror);
    const undone = known === undefined ? undefined : await this.#storeState(cmd, known);
    let message;
    try {
      const reason = whyNot?.();
      if (reason !== undefined) throw reason;
      message = await this.#post(worker, { cmd, mirror_id: mirror, args, options }, known !== undefined);
    } catch (error) {
      if (undone !== undefined) await this.#stopAgain(undone, error);
      throw error;
    }
    return { worker: worker.id, message };
  }

  #workerFor({ cmd, worker_id, mirror_id }: ClientCmd): WorkerStatus {
    if (worker_id !== '') {
      const worker = this.#store.worker(worker_id);
      if (worker !== undefined) return worker;
      throw new ManagerError('WORKER_UNKNOWN', `worker ${shortened(worker_id)} is not registered yet`);
    }
    if (cmd === 'reload')
      throw new ManagerError('COMMAND_INVALID', 'worker_id: expected the worker to reload');
    if (mirror_id === '')
      throw new ManagerError('COMMAND_INVALID', `mirror_id: expected the mirror to ${cmd}`);
    const owners = this.#store.workers().filter(({ id }) => this.#store.status(id, mirror_id) !== undefined);
    const [worker] = owners;
    if (worker === undefined) {
      throw new ManagerError(
        'WORKER_AMBIGUOUS',
        `no worker has a mirror '${shortened(mirror_id)}'; give worker_id`,
      );
    }
    if (owners.length > 1) {
      const ids = owners.map(({ id }) => id).sort();
      throw new ManagerError(
        'WORKER_AMBIGUOUS',
        `several workers have a mirror '${shortened(mirror_id)}': ${ids.join(', ')}; give worker_id`,
      );
    }
    return worker;
  }

  /**
   * Whether or not the worker will answer, the mirror's state is what the client said last. Resolves to the stop that
   * a start takes back.
   */
  async #storeState(cmd: ClientCmd['cmd'], known: MirrorStatus): Promise<StopRecord | undefined> {
    const { worker, name } = known;
    const stop = this.#store.stop(worker, name);
    if ((cmd === 'start' || cmd === 'restart') && stop !== undefined) {
      await this.#store.write([{ type: 'delete-stop', worker, name }]);
      return stop;
    }
    if (cmd !== 'stop' && cmd !== 'disable') return undefined;
    const status: MirrorStatus =
      cmd === 'stop'
        ? { ...known, status: 'paused', next_schedule: zeroTime }
        : // as recorded from the original; the worker's own report of the state sets the zero time
          { ...known, status: 'disabled' };
    const at = this.#clock.now();
    await this.#store.write([
      { type: 'put-status', status },
      { type: 'put-stop', stop: { ...stop, worker, name, at, skew: this.#heartbeats.skew(worker) } },
    ]);
    return undefined;
  }

  /** A start that the worker never got, or refused, leaves the mirror stopped. */
  async #stopAgain(stop: StopRecord, error: unknown): Promise<void> {
    const { worker, name } = stop;
    const status = this.#store.status(worker, name);
    const unconfirmed = error instanceof ManagerError && error.code === 'COMMAND_UNCONFIRMED';
    if (unconfirmed || status === undefined || !isStopped(status)) return;
    if (this.#store.stop(worker, name) === undefined) await this.#store.write([{ type: 'put-stop', stop }]);
  }

  async #post(worker: WorkerStatus, command: WorkerCmd, known: boolean): Promise<string> {
    const what = command.mirror_id === '' ? command.cmd : `${command.cmd} ${command.mirror_id}`;
    let answer;
    try {
      answer = await this.#send(worker, command);
    } catch (error) {
      this.#logger.warn(`Cannot post '${what}' to worker ${worker.id}: ${messageOf(error)}`);
      throw undelivered(worker, error);
    }
    if (answer.status === 200 || isSuccessful404(answer.status, command, known)) {
      this.#logger.info(`Posted '${what}' to worker ${worker.id}`);
      return answer.message;
    }
    this.#logger.warn(`Worker ${worker.id} refused '${what}': ${answer.message}`);
    throw new ManagerError('COMMAND_REFUSED', `worker ${worker.id}: ${answer.message}`);
  }
}

/**
 * A worker of v0.10 answers every reload with 404; and a mirror that is stopped or disabled may be out of the
 * worker's file already: what the client wanted is so.
 */
function isSuccessful404(status: number, { cmd }: WorkerCmd, known: boolean): boolean {
  return status === 404 && (cmd === 'reload' || ((cmd === 'stop' || cmd === 'disable') && known));
}

function undelivered(worker: WorkerStatus, cause: unknown): ManagerError {
  if (cause instanceof TunasyncError && cause.code === 'CLIENT_TIMEOUT') {
    const message = `worker ${worker.id} did not answer in time: the command is sent, but not confirmed`;
    return new ManagerError('COMMAND_UNCONFIRMED', message, { cause });
  }
  const where = `${worker.id}(${withoutUserinfo(worker.url)})`;
  return new ManagerError(
    'COMMAND_UNDELIVERED',
    `post command to worker ${where} fail: ${messageOf(cause)}`,
    {
      cause,
    },
  );
}

function withoutUserinfo(url: string): string {
  return url.replace(/^([a-z]+:\/\/)[^/?#]*@/i, '$1');
}

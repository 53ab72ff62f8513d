import type { Logger } from '@tunasync/logger';
import type { MirrorStatus, WorkerStatus } from '@tunasync/protocol';
import type { Redis } from 'ioredis';
import { StoreError, type StoreErrorCode } from './errors.js';
import type { StatusStore, StoreChange } from './interfaces.js';
import { decodeStatus, decodeWorker, statusBucket, statusField, workerBucket } from './layout.js';
import { RedisConnection, textOf } from './redis-connection.js';
import { parseRedisUrl } from './redis-url.js';

/** Options of {@link openRedisStore}. */
export interface RedisStoreOptions {
  logger: Logger;
  /**
   * Milliseconds that a read or write may wait for the connection, and then for the answer.
   * @defaultValue 5000
   */
  timeout?: number;
}

/**
 * Deletes a worker's statuses where they are, whoever wrote them. Worker ids hold no '/', so a field that ends
 * with '/' and the id is one of this worker's.
 */
const deleteStatusesOf = `
for _, field in ipairs(redis.call('HKEYS', KEYS[1])) do
  if field:sub(-#ARGV[1]) == ARGV[1] then redis.call('HDEL', KEYS[1], field) end
end`;

/**
 * Opens the store on a Redis server: one hash a bucket, as the original keeps it. Every value is read once to see
 * that it can be. A write is one MULTI/EXEC; it is on stable storage when the server says so (`appendfsync always`).
 *
 * A write whose answer was lost with the connection is rejected although the server may have taken it.
 *
 * @param url - `redis://user:password@host:port/db`, `rediss://…`, or `unix://user:password@/path?db=0`
 * @throws StoreError `STORE_URL_INVALID`, `STORE_UNREACHABLE`, `STORE_NOT_A_DATABASE`, or `STORE_DAMAGED` (names
 * hash and field)
 */
export async function openRedisStore(url: string, options: RedisStoreOptions): Promise<StatusStore> {
  const connection = await RedisConnection.open(parseRedisUrl(url), options.timeout ?? 5000, options.logger);
  const store = new RedisStore(connection);
  try {
    await store.load();
  } catch (error) {
    await store.close();
    throw error;
  }
  return store;
}

class RedisStore implements StatusStore {
  readonly kind = 'redis';
  readonly #connection: RedisConnection;
  readonly #underWay = new Set<Promise<unknown>>();
  #closing: Promise<void> | undefined;

  constructor(connection: RedisConnection) {
    this.#connection = connection;
  }

  async load(): Promise<void> {
    for (const bucket of [workerBucket, statusBucket]) {
      const type = await this.#run('STORE_READ_FAILED', 'read from', (client) => client.type(bucket));
      // a write to it would fail after the other bucket was written
      if (type !== 'hash' && type !== 'none') {
        const message = `${this.#connection.label}: '${bucket}' is a ${type}, expected a hash of tunasync`;
        throw new StoreError('STORE_NOT_A_DATABASE', message);
      }
    }
    await this.listWorkers();
    await this.listStatuses();
  }

  async listWorkers(): Promise<WorkerStatus[]> {
    return (await this.#entries(workerBucket)).map(([id, json]) => this.#worker(id, json));
  }

  async getWorker(id: string): Promise<WorkerStatus | undefined> {
    const json = await this.#get(workerBucket, id);
    return json === null ? undefined : this.#worker(id, json);
  }

  async listStatuses(worker?: string): Promise<MirrorStatus[]> {
    const suffix = worker === undefined ? '' : `/${worker}`;
    return (await this.#entries(statusBucket))
      .filter(([field]) => field.endsWith(suffix))
      .map(([field, json]) => this.#status(field, json));
  }

  async getStatus(worker: string, name: string): Promise<MirrorStatus | undefined> {
    const field = statusField(worker, name);
    const json = await this.#get(statusBucket, field);
    return json === null ? undefined : this.#status(field, json);
  }

  async write(changes: readonly StoreChange[]): Promise<void> {
    // encoded now: the caller may change its records while the connection is waited for
    const commands = changes.flatMap(commandsOf);
    if (commands.length === 0) return;
    await this.#run('STORE_WRITE_FAILED', 'write to', async (client) => {
      const results = await client.multi(commands).exec();
      const failed = results?.find(([error]) => error !== null)?.[0];
      if (failed) throw failed;
    });
  }

  close(): Promise<void> {
    return (this.#closing ??= Promise.allSettled(this.#underWay).then(() => {
      this.#connection.close();
    }));
  }

  #get(bucket: string, field: string): Promise<string | null> {
    return this.#run('STORE_READ_FAILED', 'read from', (client) => client.hget(bucket, field));
  }

  async #entries(bucket: string): Promise<[field: string, value: string][]> {
    // not hgetall(): an object cannot hold every field name
    const reply = await this.#run('STORE_READ_FAILED', 'read from', (client) =>
      client.call('HGETALL', bucket),
    );
    const flat = reply as string[];
    return Array.from({ length: flat.length / 2 }, (_, index) => [
      flat[2 * index] ?? '',
      flat[2 * index + 1] ?? '',
    ]);
  }

  async #run<T>(code: StoreErrorCode, what: string, send: (client: Redis) => Promise<T>): Promise<T> {
    const { label } = this.#connection;
    if (this.#closing !== undefined) throw new StoreError('STORE_CLOSED', `${label} is closed`);
    const running = this.#connection.run(send);
    this.#underWay.add(running);
    try {
      return await running;
    } catch (error) {
      // without its cause: errors of ioredis carry the command, and so perhaps a token
      throw new StoreError(code, `cannot ${what} ${label}: ${textOf(firstOf(error))}`);
    } finally {
      this.#underWay.delete(running);
    }
  }

  #worker(id: string, json: string): WorkerStatus {
    return decodeWorker(this.#where(workerBucket, id), id, json);
  }

  #status(field: string, json: string): MirrorStatus {
    return decodeStatus(this.#where(statusBucket, field), field, json);
  }

  #where(bucket: string, field: string): string {
    return `${this.#connection.label} is damaged: the value of ${JSON.stringify(field)} in '${bucket}'`;
  }
}

/** Why a transaction was discarded: the refusal of a command in it, when there was one. */
function firstOf(error: unknown): unknown {
  const { previousErrors } = error as { previousErrors?: unknown };
  return (Array.isArray(previousErrors) ? (previousErrors as unknown[])[0] : undefined) ?? error;
}

function commandsOf(change: StoreChange): (string | number)[][] {
  switch (change.type) {
    case 'put-worker':
      return [['hset', workerBucket, change.worker.id, JSON.stringify(change.worker)]];
    case 'delete-worker':
      return [
        ['hdel', workerBucket, change.id],
        ['eval', deleteStatusesOf, 1, statusBucket, `/${change.id}`],
      ];
    case 'put-status': {
      const { worker, name } = change.status;
      return [['hset', statusBucket, statusField(worker, name), JSON.stringify(change.status)]];
    }
    case 'delete-status':
      return [['hdel', statusBucket, statusField(change.worker, change.name)]];
  }
}

import type { Logger } from '@tunasync/logger';
import type { MirrorStatus, RunRecord, WorkerStatus } from '@tunasync/protocol';
import type { Redis } from 'ioredis';
import {
  decodeRun,
  decodeStop,
  encodeStop,
  mirrorPart,
  parseMirrorPart,
  parseRunPart,
  runKeyOf,
  runPart,
  workerPrefix,
} from '../layout/run-layout.js';
import {
  decodeStatus,
  decodeWorker,
  statusBucket,
  statusField,
  workerBucket,
} from '../layout/status-layout.js';
import type { MirrorKey, RunKey, StatusStore, StopRecord, StoreChange } from '../store/interfaces.js';
import { StoreError, type StoreErrorCode } from '../store/store-error.js';
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
 * Deletes a worker's statuses in the server, those of other writers included. Worker ids hold no '/', so a field that ends
 * with '/' and the id is one of this worker's.
 */
const deleteStatusesOf = `
for _, field in ipairs(redis.call('HKEYS', KEYS[1])) do
  if field:sub(-#ARGV[1]) == ARGV[1] then redis.call('HDEL', KEYS[1], field) end
end`;

/** Hash of stops, by mirror. */
const stopHash = 'tunasync:stops';
/** Set of the mirrors that have runs. */
const runMirrors = 'tunasync:history';
/** Hash of a mirror's runs. */
const runHash = (mirror: string): string => `tunasync:runs:${mirror}`;
/** Sorted set of a mirror's runs: of one score, so that the text, which begins with the time, gives the order. */
const runOrder = (mirror: string): string => `tunasync:run-order:${mirror}`;

/** Deletes a worker's stops and runs: their names begin with the worker's part. */
const deleteRunsOf = `
for _, mirror in ipairs(redis.call('SMEMBERS', KEYS[1])) do
  if mirror:sub(1, #ARGV[1]) == ARGV[1] then
    redis.call('DEL', ARGV[2] .. mirror, ARGV[3] .. mirror)
    redis.call('SREM', KEYS[1], mirror)
  end
end
for _, mirror in ipairs(redis.call('HKEYS', KEYS[2])) do
  if mirror:sub(1, #ARGV[1]) == ARGV[1] then redis.call('HDEL', KEYS[2], mirror) end
end`;

/** Deletes a run, and the mirror from the set when it was its last one. */
const deleteRun = `
redis.call('HDEL', KEYS[1], ARGV[2])
redis.call('ZREM', KEYS[2], ARGV[2])
if redis.call('EXISTS', KEYS[1]) == 0 then redis.call('SREM', KEYS[3], ARGV[1]) end`;

/**
 * Opens the store on a Redis server: one hash per bucket, in the layout of the original. Reads every value once to
 * check it. A write is one MULTI/EXEC; it is on stable storage when the server says so (`appendfsync always`).
 *
 * A write whose answer was lost with the connection is rejected although the server may have stored it.
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
    for (const bucket of [workerBucket, statusBucket, stopHash]) {
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

  async listStops(): Promise<StopRecord[]> {
    return (await this.#entries(stopHash)).flatMap(([field, json]) => {
      const mirror = parseMirrorPart(field);
      return (mirror && decodeStop(mirror, json)) ?? [];
    });
  }

  async listRuns(mirror: MirrorKey, limit: number): Promise<RunRecord[]> {
    const part = mirrorPart(mirror);
    const order = await this.#newest(part, limit);
    if (order.length === 0) return [];
    const values = await this.#read((client) => client.hmget(runHash(part), ...order));
    return values.flatMap((json) => (json === null ? undefined : decodeRun(mirror, json)) ?? []);
  }

  async listRunKeys(mirror: MirrorKey): Promise<RunKey[]> {
    const order = await this.#newest(mirrorPart(mirror), 0);
    return order.flatMap((text) => parseRunPart(mirror, text) ?? []);
  }

  async listRunMirrors(): Promise<MirrorKey[]> {
    const mirrors = await this.#read((client) => client.smembers(runMirrors));
    return mirrors.flatMap((part) => parseMirrorPart(part) ?? []);
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
    return this.#read((client) => client.hget(bucket, field));
  }

  /** @param limit - 0: all */
  #newest(mirror: string, limit: number): Promise<string[]> {
    return this.#read((client) => client.zrevrange(runOrder(mirror), 0, limit - 1));
  }

  #read<T>(send: (client: Redis) => Promise<T>): Promise<T> {
    return this.#run('STORE_READ_FAILED', 'read from', send);
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
        ['eval', deleteRunsOf, 2, runMirrors, stopHash, workerPrefix(change.id), runHash(''), runOrder('')],
      ];
    case 'put-status': {
      const { worker, name } = change.status;
      return [['hset', statusBucket, statusField(worker, name), JSON.stringify(change.status)]];
    }
    case 'delete-status':
      return [['hdel', statusBucket, statusField(change.worker, change.name)]];
    case 'put-stop':
      return [['hset', stopHash, mirrorPart(change.stop), encodeStop(change.stop)]];
    case 'delete-stop':
      return [['hdel', stopHash, mirrorPart(change)]];
    case 'put-run': {
      const key = runKeyOf(change.run);
      const mirror = mirrorPart(key);
      return [
        ['sadd', runMirrors, mirror],
        ['zadd', runOrder(mirror), 0, runPart(key)],
        ['hset', runHash(mirror), runPart(key), JSON.stringify(change.run)],
      ];
    }
    case 'delete-run': {
      const mirror = mirrorPart(change.key);
      const keys = [runHash(mirror), runOrder(mirror), runMirrors];
      return [['eval', deleteRun, keys.length, ...keys, mirror, runPart(change.key)]];
    }
  }
}

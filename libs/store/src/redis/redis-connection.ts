import type { Logger } from '@tunasync/logger';
import { messageOf } from '@tunasync/protocol';
import type { Redis } from 'ioredis';
import { StoreError } from '../store/store-error.js';
import type { RedisAddress } from './redis-url.js';

/** Milliseconds before the first and the last attempts to connect again. */
const reconnect = { first: 50, longest: 2000 };

/** Milliseconds that a server gets to close a connection that is ended here, before its socket is destroyed. */
const closingMs = 100;

/**
 * A connection to a Redis server on which no command waits forever: a command that is not sent, or not answered,
 * in time fails, and none is sent again without its caller's knowledge.
 */
export class RedisConnection {
  readonly label: string;
  readonly #client: Redis;
  readonly #timeout: number;
  #lastError = 'no answer';
  #isReady: Promise<void> | undefined;

  private constructor(client: Redis, address: RedisAddress, timeout: number) {
    this.#client = client;
    this.label = address.label;
    this.#timeout = timeout;
    client.on('error', (error) => {
      this.#lastError = textOf(error);
    });
  }

  /**
   * @param timeout - milliseconds that a command may wait for the connection, and for its answer
   * @throws {@link StoreError} `STORE_UNREACHABLE`
   */
  static async open(address: RedisAddress, timeout: number, logger: Logger): Promise<RedisConnection> {
    const { Redis } = await import('ioredis');
    let opened = false;
    const { label, ...where } = address;
    const client = new Redis({
      ...where,
      protocol: 2, // also servers before Redis 6
      disableClientInfo: true,
      lazyConnect: true,
      connectTimeout: timeout,
      disconnectTimeout: closingMs,
      enableOfflineQueue: false,
      autoResendUnfulfilledCommands: false,
      // the first time a failure is for the caller to hear of
      retryStrategy: (times) =>
        opened ? Math.min(reconnect.first * 2 ** (times - 1), reconnect.longest) : null,
    });
    const connection = new RedisConnection(client, address, timeout);
    try {
      const greeting = async (): Promise<void> => {
        await client.connect();
        // ioredis alone would use database 0 when the wanted one does not exist
        await client.select(address.db);
      };
      await within(greeting(), timeout, () => `no answer within ${timeout} ms`);
    } catch (error) {
      // ioredis would wait for the end of a connection that has ended already
      if (client.status !== 'end') client.disconnect();
      const why =
        client.status === 'end' && textOf(error) === 'Connection is closed.'
          ? connection.#lastError
          : textOf(error);
      throw new StoreError('STORE_UNREACHABLE', `cannot use ${label}: ${why}`);
    }
    opened = true;
    client.on('close', () => {
      if (connection.#isReady !== undefined || client.status === 'end') return;
      logger.warn(`Lost the connection to ${label}`);
      void connection.#ready().then(
        () => {
          logger.notice(`Connected to ${label} again`);
        },
        () => undefined,
      );
    });
    return connection;
  }

  /** Runs commands that `send` gives to the client; rejects with a plain message when there is no answer in time. */
  async run<T>(send: (client: Redis) => Promise<T>): Promise<T> {
    if (this.#client.status !== 'ready') {
      await within(this.#ready(), this.#timeout, () => {
        // connected, but the greeting is not answered: nothing else would ever end that
        if (this.#client.status === 'connect') this.#client.disconnect(true);
        return this.#lastError;
      });
    }
    return within(send(this.#client), this.#timeout, () => {
      // a late answer must not be taken for that of a later command
      this.#client.disconnect(true);
      return `no answer within ${this.#timeout} ms`;
    });
  }

  close(): void {
    this.#client.disconnect();
  }

  /** Resolves when the connection works again; rejects when it has ended permanently. */
  #ready(): Promise<void> {
    this.#isReady ??= new Promise<void>((resolve, reject) => {
      const settle = (action: () => void) => (): void => {
        this.#client.off('ready', ready).off('end', end);
        this.#isReady = undefined;
        action();
      };
      const ready = settle(resolve);
      const end = settle(() => {
        reject(new StoreError('STORE_CLOSED', `the connection to ${this.label} is closed`));
      });
      this.#client.on('ready', ready).on('end', end);
    });
    return this.#isReady;
  }
}

/** The message of an error of ioredis; the error itself carries the command, password included. */
export function textOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(textOf).join(', ');
  return messageOf(error);
}

function within<T>(promise: Promise<T>, ms: number, onTimeout: () => string): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(new StoreError('STORE_UNREACHABLE', onTimeout()));
    }, ms);
    promise.then(resolve, reject).finally(() => {
      clearTimeout(timer);
    });
  });
}

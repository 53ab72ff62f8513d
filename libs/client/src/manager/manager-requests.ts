import { buildPath, messageOf, systemClock, type Clock, type RouteParams } from '@tunasync/protocol';
import type { TlsOptions } from '../request/check-tls.js';
import {
  addressOf,
  Connection,
  type CallOptions,
  type ConnectionOptions,
  type StreamReply,
} from '../request/connection.js';
import { BadReplyError, RefusedError } from '../request/errors.js';
import { serverMessage } from '../request/server-message.js';
import type { FollowOptions } from '../streams/follow-stream.js';
import { apiRoutes, extensionRoutes, listRoutes, managerPaths } from './manager-paths.js';
import type {
  AllManagerRoutes,
  AnyManagerRouteName,
  AnyReplyReader,
  ManagerReply,
  ReplyReader,
} from './manager-reply.js';
import { apiRefusal, readRefusal } from './refusals.js';

/** Options of a {@link ManagerClient}. */
export interface ManagerClientOptions extends ConnectionOptions {
  /** Address of the manager: a prefix of every path, such as `http://10.0.0.1:14242` or `https://host/tunasync`. */
  baseUrl: string;
  /**
   * Reads the answers of the v0.10 routes. @defaultValue the schemas of `@tunasync/protocol`, loaded with the
   * first answer
   */
  readReply?: ReplyReader | undefined;
}

/** Sends requests to a manager by the names of its routes, and converts its answers to errors. */
export class ManagerRequests {
  /** The base URL without userinfo, for messages. */
  readonly address: string;
  readonly #base: string;
  readonly #connection: Connection;
  readonly #clock: Clock;
  readonly #readReply: ReplyReader | undefined;

  /** @throws {@link ClientOptionsError} `CLIENT_OPTIONS_INVALID` for an invalid URL or certificate */
  constructor(options: ManagerClientOptions) {
    this.#base = options.baseUrl.replace(/\/+$/, '');
    this.address = addressOf(this.#base).replace(/\/$/, '');
    this.#connection = new Connection(options);
    this.#clock = options.clock ?? systemClock;
    this.#readReply = options.readReply;
  }

  /** Replaces the certificates. @throws {@link ClientOptionsError}; the previous certificates stay active */
  setTls(options: TlsOptions): void {
    this.#connection.setTls(options);
  }

  /** Aborts running requests and destroys all sockets. */
  close(): void {
    this.#connection.close();
  }

  /**
   * Sends a request, with `json` as its body if given, and reads the answer by the route's schema.
   * @throws {@link ClientError}
   */
  async call<Name extends AnyManagerRouteName>(
    name: Name,
    params: RouteParams<AllManagerRoutes[Name]['path']>,
    json: unknown,
    options: CallOptions | undefined,
    query = '',
  ): Promise<ManagerReply<Name>> {
    const route: (typeof managerPaths)[Name] = managerPaths[name];
    const path = buildPath<AllManagerRoutes[Name]['path']>(route, params);
    const url = `${this.#base}${path}${query}`;
    const { status, body } = await this.#connection.exchange(route.method, url, json, options);
    const address = `${this.address}${path}`;
    if (status !== 200 && apiRoutes.has(name)) throw apiRefusal(address, status, body);
    if (status !== 200) throw new RefusedError(address, status, body, serverMessage(body));
    let reply: unknown;
    try {
      reply = JSON.parse(body);
    } catch (error) {
      throw new BadReplyError(address, 'not JSON', error);
    }
    if (reply === null && listRoutes.has(name)) reply = [];
    // a reader of the caller covers the v0.10 routes only
    const isBeyond = extensionRoutes.has(name) || apiRoutes.has(name);
    const given = isBeyond ? undefined : (this.#readReply as AnyReplyReader | undefined);
    const read = given ?? (await import('./read-reply.js')).readReply;
    try {
      return read(name, reply);
    } catch (error) {
      throw new BadReplyError(address, messageOf(error), error);
    }
  }

  /** Opens the stream of an answer that is not JSON. @throws {@link ClientError} */
  async open<Name extends 'readLog' | 'streamEvents' | 'streamLog'>(
    name: Name,
    params: RouteParams<AllManagerRoutes[Name]['path']>,
    query: string,
    headers: Readonly<Record<string, string>>,
    options: CallOptions & { idleMs?: number },
  ): Promise<StreamReply> {
    const path = buildPath<AllManagerRoutes[Name]['path']>(managerPaths[name], params);
    const reply = await this.#connection.open(`${this.#base}${path}${query}`, headers, options);
    if (reply.status === 200) return reply;
    const body = await readRefusal(reply, this.#clock, options.timeoutMs);
    throw apiRefusal(`${this.address}${path}`, reply.status, body);
  }

  /** Opens a stream of events that follow the event with the given id. @throws {@link ClientError} */
  async openEvents<Name extends 'streamEvents' | 'streamLog'>(
    name: Name,
    params: RouteParams<AllManagerRoutes[Name]['path']>,
    query: string,
    lastEventId: string | undefined,
    { signal, timeoutMs, idleMs }: FollowOptions,
  ): Promise<StreamReply> {
    const type = 'text/event-stream';
    const headers = {
      accept: type,
      // a retry must not reuse a connection to a server that is shutting down
      connection: 'close',
      ...(lastEventId === undefined ? {} : { 'last-event-id': headerOf(lastEventId) }),
    };
    const reply = await this.open(name, params, query, headers, {
      signal,
      timeoutMs,
      ...(idleMs === undefined ? {} : { idleMs }),
    });
    if (String(reply.headers['content-type']).startsWith(type)) return reply;
    reply.close();
    const path = buildPath<AllManagerRoutes[Name]['path']>(managerPaths[name], params);
    throw new BadReplyError(`${this.address}${path}`, 'not a stream of events');
  }
}

/**
 * Encodes an id for a header: UTF-8, one character per byte, as browsers send it. Source: HTML, "Server-sent
 * events".
 */
function headerOf(id: string): string {
  return Buffer.from(id, 'utf8').toString('latin1');
}

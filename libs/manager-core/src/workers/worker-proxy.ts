import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import type { StreamReply } from '@tunasync/client';
import type { Reply } from '@tunasync/http';
import {
  buildPath,
  sseEvent,
  workerExtensionRoutes,
  type Route,
  type WorkerExtensionRouteName,
  type WorkerStatus,
} from '@tunasync/protocol';
import { readBytes } from '@tunasync/util';
import { ManagerError } from '../errors/manager-error.js';
import type { StatusCache } from '../store/status-cache.js';
import { findOwner } from './find-owner.js';
import type { WorkerReader } from './worker-reader.js';

/** Dependencies of {@link WorkerProxy}. */
export interface WorkerProxyOptions {
  store: StatusCache;
  read: WorkerReader;
}

/** A request that a worker answers. */
export interface ProxiedRequest {
  params: { name: string; log?: string };
  query: { worker?: string | undefined };
}

/** Most answers at a time, streams included. */
const mostAnswers = 1500;
/** The longest name of a file, in bytes. Source: NAME_MAX of Linux. */
const longestFileName = 255;
/** Largest answer in JSON, which is passed on as a whole, in bytes. */
const longestJson = 16 << 20;
/** Headers that are passed on to the worker, and back from it. */
const requestHeaders = ['range', 'if-range', 'last-event-id'];
const replyHeaders = [
  'content-length',
  'content-range',
  'accept-ranges',
  'x-accel-buffering',
  'x-log-start',
  'x-log-end',
  'x-log-size',
  'x-log-hole',
];
/** Most bytes of a refusal that are read. */
const longestRefusal = 64 * 1024;

/** Passes requests about a mirror (its logs, its plan) on to its worker, and the answer back as it arrives. */
export class WorkerProxy {
  readonly #store: StatusCache;
  readonly #read: WorkerReader;
  readonly #running = new Set<AbortController>();

  constructor({ store, read }: WorkerProxyOptions) {
    this.#store = store;
    this.#read = read;
  }

  /** Replies with the answer of the worker. @throws ManagerError when it is unclear which worker is meant */
  reply(name: WorkerExtensionRouteName, { params, query }: ProxiedRequest): Reply {
    if (params.log !== undefined && !isFileName(params.log)) {
      throw new ManagerError('LOG_NOT_FOUND', `mirror '${params.name}' has no such log`);
    }
    const worker = findOwner(this.#store, params.name, query.worker);
    const route: Route = workerExtensionRoutes[name];
    const path = buildPath(route, params as Record<string, string>);
    return { respond: (request, response) => this.#pass(worker, route, path, request, response) };
  }

  /** Aborts running answers; a stream ends with an event that gives the reason. */
  end(): void {
    for (const ending of this.#running) ending.abort();
  }

  async #pass(
    worker: WorkerStatus,
    route: Route,
    path: string,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    if (this.#running.size >= mostAnswers) {
      throw new ManagerError('SERVER_BUSY', `${mostAnswers} logs are read: try again later`);
    }
    // the 'close' event of a client that is gone already has passed
    if (response.destroyed) return;
    const ending = new AbortController();
    this.#running.add(ending);
    response.once('close', () => {
      this.#running.delete(ending);
      ending.abort();
    });
    const headers = pick(request.headers, requestHeaders);
    const answer = await this.#read(worker, `${path}${searchOf(request)}`, {
      headers,
      signal: ending.signal,
    });
    const { status } = answer;
    if (status !== 200 && status !== 206) throw await refusal(worker, route, answer, response);
    const { 'content-encoding': coding = 'identity' } = answer.headers;
    if (coding !== 'identity') {
      answer.close();
      const why = `it encodes its answer (${String(coding)})`;
      throw new ManagerError('WORKER_REFUSED', `worker ${worker.id}: ${why}`);
    }
    const json = route.replyType === undefined ? await jsonOf(worker, answer) : undefined;
    response.writeHead(status, {
      ...pick(answer.headers, replyHeaders),
      ...(json === undefined ? {} : { 'content-length': json.length }),
      'cache-control': 'no-store',
      // a browser must not take the answer for a page, whatever type the worker gives
      'content-type': `${route.replyType ?? 'application/json'}; charset=utf-8`,
      'x-content-type-options': 'nosniff',
      'content-security-policy': 'sandbox',
    });
    if (request.method === 'HEAD' || json !== undefined) {
      response.end(json);
      answer.close();
      return;
    }
    if (route.replyType === 'text/event-stream') await passStream(worker, answer, response, ending.signal);
    else await pipeline(answer.body, response);
  }
}

/** Passes a stream on. If it breaks off, an event gives its reader the reason; the reader may connect again. */
async function passStream(
  { id }: WorkerStatus,
  answer: StreamReply,
  response: ServerResponse,
  signal: AbortSignal,
): Promise<void> {
  response.flushHeaders();
  try {
    await pipeline(answer.body, response, { end: false });
  } catch {
    const reason = signal.aborted ? 'the manager stops' : `the connection to worker ${id} is lost`;
    if (!response.destroyed)
      response.write(`\n\n${sseEvent({ event: 'end', data: JSON.stringify({ reason }) })}`);
  }
  response.end();
}

/** The error for an answer with which a worker refuses, in its words. */
async function refusal(
  { id }: WorkerStatus,
  { path }: Route,
  answer: StreamReply,
  response: ServerResponse,
): Promise<ManagerError> {
  const { status } = answer;
  const message = messageIn((await readBytes(answer.body, longestRefusal)).bytes.toString());
  if (status === 416) {
    for (const [name, value] of Object.entries(pick(answer.headers, ['content-range']))) {
      response.setHeader(name, value);
    }
  }
  if (status === 404 && (message === undefined || message.startsWith('Not found: '))) {
    const what = /\/(plan|config)$/.exec(path)?.[1] ?? 'logs';
    return new ManagerError(
      'NOT_OFFERED',
      `worker ${id} does not offer its ${what}: it is of an older version`,
    );
  }
  const text = message ?? `it answered with status ${status}`;
  switch (status) {
    case 400:
      return new ManagerError('QUERY_INVALID', text);
    case 404:
      return new ManagerError('LOG_NOT_FOUND', text);
    case 416:
      return new ManagerError('RANGE_INVALID', text);
    case 503:
      return new ManagerError('SERVER_BUSY', `worker ${id}: ${text}`);
    default:
      return new ManagerError('WORKER_REFUSED', `worker ${id}: ${text}`);
  }
}

/** Reads an answer in JSON, and checks that it is. */
async function jsonOf({ id }: WorkerStatus, answer: StreamReply): Promise<Buffer> {
  const { bytes, complete } = await readBytes(answer.body, longestJson);
  const refuse = (why: string): never => {
    throw new ManagerError('WORKER_REFUSED', `worker ${id}: ${why}`);
  };
  if (!complete) refuse(`its answer has more than ${longestJson} bytes`);
  if (!isJson(bytes.toString())) refuse('it answered with something else than JSON');
  return bytes;
}

function isJson(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null;
  } catch {
    return false;
  }
}

/** The name of a log is longer than that of its mirror, by a time. */
function isFileName(name: string): boolean {
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  return Buffer.byteLength(name) <= longestFileName && /^(?!\.\.?$)[^/\u0000-\u001f\u007f]+$/u.test(name);
}

function messageIn(body: string): string | undefined {
  try {
    const { msg } = JSON.parse(body) as { msg?: unknown };
    return typeof msg === 'string' ? msg : undefined;
  } catch {
    return undefined;
  }
}

function searchOf({ url = '' }: IncomingMessage): string {
  const begin = url.indexOf('?');
  const search = new URLSearchParams(begin === -1 ? '' : url.slice(begin + 1));
  search.delete('worker');
  return search.size === 0 ? '' : `?${search.toString()}`;
}

function pick(headers: StreamReply['headers'], names: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = headers[name];
      return typeof value === 'string' ? [[name, value] as const] : [];
    }),
  );
}

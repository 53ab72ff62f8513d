import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Logger } from '@tunasync/logger';
import { messageOf, workerRoutes } from '@tunasync/protocol';
import type { CommandTarget } from '../interfaces/commands.js';
import { parseCommand } from './parse-command.js';

/** Largest body that is taken, in bytes. */
const largestBody = 1024 * 1024;
/** A larger body is read to its end, so that its sender reads the answer, but not beyond so many bytes. */
const largestDrained = 16 * largestBody;

const route = workerRoutes.command;

/** What goes back. */
export interface Answer {
  status: number;
  message: string;
  /** Further bytes of the request are not wanted. */
  close?: boolean;
}

/** Answers the requests of managers by handing commands to `target`. */
export function commandHandler(target: CommandTarget, logger: Logger): RequestListener {
  return (request, response) => {
    answer(target, request).then(
      (result) => {
        sendAnswer(response, result);
      },
      (error: unknown) => {
        if (request.errored !== null || response.destroyed) {
          logger.debug(`a manager hung up before its command was complete: ${messageOf(error)}`);
          return;
        }
        logger.error(`a command could not be carried out: ${messageOf(error)}`);
        sendAnswer(response, { status: 500, message: 'internal error' });
      },
    );
  };
}

async function answer(target: CommandTarget, request: IncomingMessage): Promise<Answer> {
  const path = (request.url ?? '').split('?', 1)[0] ?? '';
  // another method on the same path is answered as the original does: not found
  if (path !== route.path || request.method !== route.method) {
    return { status: 404, message: `Not found: ${request.method ?? ''} ${path.slice(0, 200)}` };
  }
  if (isOfBrowser(request)) {
    return { status: 403, message: 'commands from web pages are refused', close: true };
  }
  const body = await readBody(request);
  if (body === undefined) {
    return {
      status: 413,
      message: `the body is too large: at most ${largestBody} bytes are accepted`,
      close: true,
    };
  }
  const parsed = parseCommand(body);
  return 'command' in parsed ? await target.command(parsed.command) : parsed;
}

/**
 * Whether a page made a browser send it: a manager is none, and any page that a user looks at can post to any address
 * that the browser reaches. Browsers send `Origin` with every post. Source: Fetch, 3.2; Fetch Metadata Request Headers, 2.3.
 */
function isOfBrowser({ headers }: IncomingMessage): boolean {
  return headers.origin !== undefined || headers['sec-fetch-site'] !== undefined;
}

/** The body, or undefined when it is too large. */
async function readBody(request: IncomingMessage): Promise<string | undefined> {
  if (Number(request.headers['content-length'] ?? 0) > largestDrained) return undefined;
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= largestBody) chunks.push(chunk);
    else if (size > largestDrained) return undefined;
  }
  return size > largestBody ? undefined : Buffer.concat(chunks).toString('utf8');
}

/** Sends it as JSON. */
export function sendAnswer(response: ServerResponse, { status, message, close }: Answer): void {
  const body = JSON.stringify({ msg: message });
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(body),
    ...(close === true ? { connection: 'close' } : {}),
  });
  response.end(body);
}

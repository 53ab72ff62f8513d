import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from '@tunasync/logger';
import { nameProblem } from '@tunasync/protocol';
import { ManagerError } from '../errors.js';
import { checkBody, parseBody } from './parse-body.js';
import { parseQuery } from './parse-query.js';
import { readBody } from './read-body.js';
import type { MountedRoute } from './route-table.js';
import { sendReply } from './send-reply.js';

/** What serving a request needs besides the route. */
export interface ServeOptions {
  logger: Logger;
  /** Bytes of a request's body. */
  maxBodyBytes: number;
  /** Throws when a request must not be served. @defaultValue none does */
  guard?: ((request: IncomingMessage) => void) | undefined;
}

/** A request, in a framework that may have parsed the body already. */
type Request = IncomingMessage & { body?: unknown };

/**
 * Reads and checks what a request brings, calls the route's handler and sends what it replies.
 * Rejects with what the handler throws; then nothing has been sent.
 *
 * @param params - decoded
 */
export async function serveRoute(
  { route, handle }: MountedRoute,
  request: Request,
  response: ServerResponse,
  params: Record<string, string>,
  { maxBodyBytes, guard }: ServeOptions,
): Promise<void> {
  guard?.(request);
  checkName(params['job'] ?? params['name']);
  const query = route.query && parseQuery(request.url ?? '', route.query);
  let body: unknown;
  if (route.body !== undefined) {
    body =
      request.body === undefined
        ? parseBody(await readBody(request, Math.max(maxBodyBytes, route.maxBodyBytes ?? 0)), route.body)
        : checkBody(request.body, route.body);
  }
  await sendReply(request, response, await handle({ params, body, query }));
}

/** In a report the name in the path does not count, but nothing that cannot be one is taken. */
function checkName(name: string | undefined): void {
  const problem = name === undefined ? undefined : nameProblem(name);
  if (problem !== undefined) throw new ManagerError('NAME_INVALID', `mirror name ${problem}`);
}

import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { checkBody, parseBody } from '../bodies/parse-body.js';
import { parseQuery } from '../bodies/parse-query.js';
import { readBody } from '../bodies/read-body.js';
import type { RequestGuard } from '../guards/csrf-guard.js';
import { sendReply } from '../replies/reply.js';
import type { ErrorOptions } from '../replies/send-error.js';
import type { MountedRoute } from './route-table.js';

/** Options for serving routes. */
export interface ServeOptions extends ErrorOptions {
  /** Largest body of a request in bytes, for routes that set no larger limit. */
  maxBodyBytes: number;
  /** Checks every request first. @defaultValue none */
  guard?: RequestGuard | undefined;
  /** Checks the decoded parameters of a path; throws to refuse the request. @defaultValue none */
  checkParams?: ((params: Readonly<Record<string, string>>) => void) | undefined;
  /** Further headers of JSON answers. @defaultValue none */
  jsonHeaders?: OutgoingHttpHeaders | undefined;
}

/** A request in a framework that may have parsed the body already. */
type Request = IncomingMessage & { body?: unknown };

/**
 * Reads and checks a request, calls the route's handler and sends its reply. Rejects with the error of the check or of
 * the handler; then nothing has been sent.
 *
 * @param params - decoded
 */
export async function serveRoute(
  { route, handle }: MountedRoute,
  request: Request,
  response: ServerResponse,
  params: Record<string, string>,
  { maxBodyBytes, guard, checkParams, jsonHeaders }: ServeOptions,
): Promise<void> {
  guard?.(request);
  checkParams?.(params);
  const query = route.query && parseQuery(request.url ?? '', route.query);
  let body: unknown;
  if (route.body !== undefined) {
    body =
      request.body === undefined
        ? parseBody(await readBody(request, Math.max(maxBodyBytes, route.maxBodyBytes ?? 0)), route.body)
        : checkBody(request.body, route.body);
  }
  await sendReply(request, response, await handle({ params, body, query }), jsonHeaders);
}

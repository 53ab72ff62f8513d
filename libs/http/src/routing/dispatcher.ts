import type { IncomingMessage, ServerResponse } from 'node:http';
import { sendError } from '../replies/send-error.js';
import { routeMatcher, type RouteMatch } from './route-matcher.js';
import type { MountedRoute } from './route-table.js';
import { serveRoute, type ServeOptions } from './serve-route.js';

/** Serves a request if it matches a route. Returns false, and leaves the request untouched, if it does not. */
export type Dispatcher = (request: IncomingMessage, response: ServerResponse) => boolean;

/** Makes the dispatcher of a route table. Errors of checks and handlers are answered with {@link sendError}. */
export function dispatcher(routes: readonly MountedRoute[], options: ServeOptions): Dispatcher {
  const match = routeMatcher(routes);
  return (request, response) => {
    let found: RouteMatch | undefined;
    try {
      found = match(request.method ?? '', request.url ?? '');
    } catch (error) {
      sendError(request, response, error, options);
      return true;
    }
    if (found === undefined) return false;
    serveRoute(found.mounted, request, response, found.params, options).catch((error: unknown) => {
      sendError(request, response, error, options);
    });
    return true;
  };
}

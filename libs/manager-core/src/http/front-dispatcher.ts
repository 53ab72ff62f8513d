import type { IncomingMessage, ServerResponse } from 'node:http';
import { routeMatcher } from './match-route.js';
import type { MountedRoute } from './route-table.js';
import { pathError, sendError } from './send-reply.js';
import { serveRoute, type ServeOptions } from './serve-route.js';

/**
 * Serves the routes of a table without Express, which alone costs more than the rest of a status report. Gives false
 * for a request that fits none of them; then nothing was done with it.
 */
export function frontDispatcher(
  routes: readonly MountedRoute[],
  options: ServeOptions,
): (request: IncomingMessage, response: ServerResponse) => boolean {
  const match = routeMatcher(routes);
  return (request, response) => {
    const { method = '', url = '' } = request;
    const end = url.indexOf('?');
    const found = match(method, end === -1 ? url : url.slice(0, end));
    if (found === undefined) return false;
    serve(found.mounted, request, response, found.params, options).catch((error: unknown) => {
      sendError(request, response, error, options.logger);
    });
    return true;
  };
}

async function serve(
  mounted: MountedRoute,
  request: IncomingMessage,
  response: ServerResponse,
  params: Record<string, string>,
  options: ServeOptions,
): Promise<void> {
  for (const [name, value] of Object.entries(params)) {
    if (value.includes('%')) params[name] = decode(value);
  }
  await serveRoute(mounted, request, response, params, options);
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw pathError();
  }
}

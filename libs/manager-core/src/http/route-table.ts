import type { Route } from '@tunasync/protocol';
import type { Handlers, Reply } from '../handlers.js';

/** A route with its handler, for servers that do not care which one it is. */
export interface MountedRoute {
  route: Route;
  handle: (input: {
    params: Record<string, string>;
    body: unknown;
    query: unknown;
  }) => Reply | Promise<Reply>;
}

/** Routes with their handlers: the one table that both ways of serving are built from. */
export function mountRoutes<Routes extends Readonly<Record<string, Route>>>(
  routes: Routes,
  handlers: Handlers<Routes>,
): MountedRoute[] {
  return Object.entries(routes).map(([name, route]) => ({
    route,
    // params come from the route's own path, body and query from its own schemas
    handle: handlers[name] as MountedRoute['handle'],
  }));
}

import { managerRoutes, type ManagerRouteName, type Route } from '@tunasync/protocol';
import type { ManagerHandlers, Reply } from '../handlers.js';

/** A route with its handler, for servers that do not care which one it is. */
export interface MountedRoute {
  route: Route;
  handle: (input: { params: Record<string, string>; body: unknown }) => Reply | Promise<Reply>;
}

/** All routes of the contract with their handlers: the one table that both ways of serving are built from. */
export function mountRoutes(handlers: ManagerHandlers): MountedRoute[] {
  return (Object.keys(managerRoutes) as ManagerRouteName[]).map((name) => ({
    route: managerRoutes[name],
    // params come from the route's own path and the body from its own schema
    handle: handlers[name] as MountedRoute['handle'],
  }));
}

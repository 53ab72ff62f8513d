import type { Route, RouteParams } from '@tunasync/protocol';
import type { z } from 'zod';
import type { Reply } from '../replies/reply.js';

/** The input of a handler: everything that a request brings, decoded and checked. */
export interface HandlerInput<R extends Route> {
  params: RouteParams<R['path']>;
  body: R extends { body?: infer Body } ? z.output<NonNullable<Body>> : undefined;
  query: R extends { query?: infer Query } ? z.output<NonNullable<Query>> : undefined;
}

/** One handler per route. A handler knows nothing of HTTP; an error that it throws becomes the answer. */
export type Handlers<Routes extends Readonly<Record<string, Route>>> = {
  [Name in keyof Routes]: (input: HandlerInput<Routes[Name]>) => Reply | Promise<Reply>;
};

/** A route with its handler, in a form that is the same for all routes. */
export interface MountedRoute {
  route: Route;
  handle: (input: {
    params: Record<string, string>;
    body: unknown;
    query: unknown;
  }) => Reply | Promise<Reply>;
}

/** Joins routes with their handlers into the table that every way of serving is built from. */
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

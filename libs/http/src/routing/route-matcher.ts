import findMyWay, { type HTTPMethod } from 'find-my-way';
import { pathError } from '../errors/http-error.js';
import type { MountedRoute } from './route-table.js';

/** A route that a request matches. */
export interface RouteMatch {
  mounted: MountedRoute;
  /** Decoded; none is empty. */
  params: Record<string, string>;
}

/** Finds the route of a request. @throws HttpError `PATH_INVALID` when a parameter is not percent-encoded UTF-8 */
export type RouteMatcher = (method: string, url: string) => RouteMatch | undefined;

/**
 * Makes the matcher of a route table. Paths are matched case-sensitively and with their trailing slash, a parameter
 * takes one segment that is not empty, and HEAD matches the routes of GET. A request with another method on a known
 * path matches no route.
 */
export function routeMatcher(routes: readonly MountedRoute[]): RouteMatcher {
  // a long parameter is for the handler to refuse, with a message that fits
  const router = findMyWay({ maxParamLength: Number.MAX_SAFE_INTEGER });
  for (const mounted of routes) {
    router.on(mounted.route.method, mounted.route.path, unused, mounted);
  }
  const find = (method: string, url: string): RouteMatch | undefined => {
    const found = router.find((method === 'HEAD' ? 'GET' : method) as HTTPMethod, url);
    if (found === null) return undefined;
    const params = found.params as Record<string, string>;
    for (const name in params) if (params[name] === '') return undefined;
    return { mounted: found.store as MountedRoute, params };
  };
  return (method, url) => {
    const found = find(method, url);
    // the router matches nothing whose encoding is broken, and does not say whether it would otherwise
    if (found === undefined && isBroken(url) && find(method, url.replaceAll('%', '_')) !== undefined) {
      throw pathError();
    }
    return found;
  };
}

/** The router wants a handler for each route; ours are in its store. */
const unused = (): void => undefined;

function isBroken(url: string): boolean {
  const end = url.indexOf('?');
  try {
    decodeURIComponent(end === -1 ? url : url.slice(0, end));
    return false;
  } catch {
    return true;
  }
}

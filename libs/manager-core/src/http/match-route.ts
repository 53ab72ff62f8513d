import type { MountedRoute } from './route-table.js';

/** A route that a path fits, and the parameters in it, not yet decoded. */
export interface RouteMatch {
  mounted: MountedRoute;
  params: Record<string, string>;
}

interface Candidate {
  mounted: MountedRoute;
  /** Segments of the path; undefined stands for a parameter. */
  fixed: (string | undefined)[];
  names: (string | undefined)[];
}

/**
 * Makes the function that finds the route for a method and a path: segments are compared as they are, case and
 * all, and a parameter takes one segment that is not empty. As in Express, fixed paths and order decide.
 */
export function routeMatcher(
  routes: readonly MountedRoute[],
): (method: string, path: string) => RouteMatch | undefined {
  const byShape = new Map<string, Candidate[]>();
  for (const mounted of routes) {
    const segments = mounted.route.path.split('/').slice(1);
    const isParam = (segment: string): boolean => segment.startsWith(':');
    const candidate = {
      mounted,
      fixed: segments.map((segment) => (isParam(segment) ? undefined : segment)),
      names: segments.map((segment) => (isParam(segment) ? segment.slice(1) : undefined)),
    };
    const shape = `${mounted.route.method} ${segments.length}`;
    const candidates = byShape.get(shape);
    if (candidates === undefined) byShape.set(shape, [candidate]);
    else candidates.push(candidate);
  }
  return (method, path) => {
    const segments = path.split('/');
    // everything before the first '/' must be empty; HEAD is GET without the body
    if (segments[0] !== '') return undefined;
    const shape = `${method === 'HEAD' ? 'GET' : method} ${segments.length - 1}`;
    for (const candidate of byShape.get(shape) ?? []) {
      const params = paramsOf(candidate, segments);
      if (params !== undefined) return { mounted: candidate.mounted, params };
    }
    return undefined;
  };
}

function paramsOf(
  { fixed, names }: Candidate,
  segments: readonly string[],
): Record<string, string> | undefined {
  const params: Record<string, string> = {};
  for (let index = 0; index < fixed.length; index++) {
    const segment = segments[index + 1] ?? '';
    const name = names[index];
    if (name === undefined ? segment !== fixed[index] : segment === '') return undefined;
    if (name !== undefined) params[name] = segment;
  }
  return params;
}

type ParamNames<Path extends string> = Path extends `${string}:${infer Name}/${infer Rest}`
  ? Name | ParamNames<`/${Rest}`>
  : Path extends `${string}:${infer Name}`
    ? Name
    : never;
/** The parameters of a path, by name. */
export type RouteParams<Path extends string> = Record<ParamNames<Path>, string>;

/** Fills the parameters, percent-encoded, into the path of a route. */
export function buildPath<Path extends string>(route: { path: Path }, params: RouteParams<Path>): string {
  const values = params as Record<string, string>;
  return route.path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(values[name] ?? ''));
}

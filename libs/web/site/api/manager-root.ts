/**
 * Root URL of the manager: the folder above `/ui/`, wherever a proxy shows it. The `<base>` of the page points to
 * `/ui/`.
 */
export const managerRoot: string = new URL('..', document.baseURI).href;

/** Fills the parameters of a route's path; names may contain anything. */
export function pathOf(path: string, params: Readonly<Record<string, string>> = {}): string {
  return path.replaceAll(/:([a-z]+)/gi, (_, name: string) => encodeURIComponent(params[name] ?? ''));
}

/** URL of a path of the manager. @param path - relative to the manager's root, such as `/api/jobs` */
export function managerUrl(path: string, query: Query = {}): string {
  const url = new URL(path.replace(/^\//, ''), managerRoot);
  for (const [key, value] of Object.entries(query)) {
    if (value !== undefined && value !== '') url.searchParams.set(key, String(value));
  }
  return url.href;
}

/** Parameters after the `?`; `undefined` and empty ones are omitted. */
export type Query = Readonly<Record<string, string | number | undefined>>;

/**
 * Where the manager is: the folder above `/ui/`, wherever a proxy shows it. The page's `<base>` is that of `/ui/`.
 */
export const managerRoot: string = new URL('..', document.baseURI).href;

/** Fills the parameters of a route's path; names may contain anything. */
export function pathOf(path: string, params: Readonly<Record<string, string>> = {}): string {
  return path.replaceAll(/:([a-z]+)/gi, (_, name: string) => encodeURIComponent(params[name] ?? ''));
}

/** URL of something of the manager. @param path - without what may be in front of it, such as `/api/jobs` */
export function managerUrl(path: string, query: Query = {}): string {
  const url = new URL(path.replace(/^\//, ''), managerRoot);
  for (const [key, value] of Object.entries(query)) {
    if (value !== undefined && value !== '') url.searchParams.set(key, String(value));
  }
  return url.href;
}

/** What follows the `?`; `undefined` and empty are left out. */
export type Query = Readonly<Record<string, string | number | undefined>>;

import { ClientOptionsError } from '@tunasync/client';

/** A URL as messages show it: without userinfo, query and fragment. */
export function publicAddress(url: string): string {
  const { origin, pathname } = new URL(url);
  return `${origin}${pathname.replace(/\/+$/, '')}`;
}

/**
 * What names a manager in the state folder: its URL without scheme and userinfo, so that no password is kept.
 *
 * @throws `CLIENT_OPTIONS_INVALID` when it is no URL
 */
export function managerKey(apiBase: string): string {
  // the text is not shown: what cannot be parsed may still hold a password
  if (!URL.canParse(apiBase)) throw new ClientOptionsError('expected a URL such as http://127.0.0.1:14242');
  const { host, pathname } = new URL(apiBase);
  return encodeURIComponent(`${host}${pathname.replace(/\/+$/, '')}`);
}

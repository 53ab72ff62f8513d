import { TunasyncError } from '@tunasync/protocol';

/**
 * Checks where browsers are to find a manager: an `http:` or `https:` URL, with a path or without.
 *
 * @throws TunasyncError `PUBLIC_URL_INVALID` that says what was expected; the URL is not shown, as it may hold a password
 */
export function checkPublicUrl(text: string): void {
  if (!/^https?:\/\/[^/]/i.test(text) || !URL.canParse(text)) {
    throw invalid('expected a URL such as https://mirrors.example.org/tunasync/');
  }
  const { username, password } = new URL(text);
  if (username !== '' || password !== '') throw invalid('expected a URL without user name and password');
  if (/[?#]/.test(text)) throw invalid("expected a URL without '?' and '#'");
}

/** Such a URL as what paths are put behind: without a slash at the end. */
export function publicBaseOf(text: string): string {
  return text === '' ? '' : new URL(text).href.replace(/\/+$/, '');
}

function invalid(message: string): TunasyncError {
  return new TunasyncError('PUBLIC_URL_INVALID', message);
}

import { HttpError } from '../errors/http-error.js';
import type { RequestGuard } from './csrf-guard.js';

/**
 * Refuses every request from a web page that may change something: for a server that no page uses. Any page that a user
 * opens can post to any address that the browser reaches. Browsers send `Origin` with every post. Source: Fetch, 3.2;
 * Fetch Metadata Request Headers, 2.3.
 *
 * @throws HttpError `ORIGIN_REFUSED`
 */
export const browserGuard: RequestGuard = ({ headers, method }) => {
  if (method === 'GET' || method === 'HEAD') return;
  if (headers.origin === undefined && headers['sec-fetch-site'] === undefined) return;
  throw new HttpError('ORIGIN_REFUSED', 'commands from web pages are refused');
};

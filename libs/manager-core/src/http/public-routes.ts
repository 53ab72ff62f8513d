import type { IncomingMessage } from 'node:http';

/** Paths that every client may read: the public status page, the list that such pages show, and their files. */
const openPaths: ReadonlySet<string> = new Set(['/ping', '/jobs', '/ui/status', '/ui/icon.svg']);
const openFile = /^\/ui\/assets\/[\w.-]+$/;

/**
 * Whether a request is served without a client certificate although `server.client_ca` is set. Requests that change
 * something, that are meant for workers, or that show more than status pages do, are not.
 */
export function isPublic({ method, url = '' }: Pick<IncomingMessage, 'method' | 'url'>): boolean {
  if (method !== 'GET' && method !== 'HEAD') return false;
  const path = url.split('?', 1)[0] ?? '';
  return openPaths.has(path) || openFile.test(path);
}

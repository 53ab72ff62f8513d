import type { IncomingMessage } from 'node:http';

/** What everybody may read: status pages are public, and so are the one in the frontend and the files that it is made of. */
const openPaths: ReadonlySet<string> = new Set(['/ping', '/jobs', '/ui/status', '/ui/icon.svg']);
const openFile = /^\/ui\/assets\/[\w.-]+$/;

/**
 * Whether a request is served without a client certificate where `server.client_ca` is set: reading `/jobs`, `/ping`
 * and the public status page is; whatever changes something, is meant for workers, or tells more than status pages show
 * is not.
 */
export function isOpenToAll({ method, url = '' }: Pick<IncomingMessage, 'method' | 'url'>): boolean {
  if (method !== 'GET' && method !== 'HEAD') return false;
  const path = url.split('?', 1)[0] ?? '';
  return openPaths.has(path) || openFile.test(path);
}

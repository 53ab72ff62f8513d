import type { IncomingMessage } from 'node:http';

/** What everybody may read: status pages are public. */
const openPaths: ReadonlySet<string> = new Set(['/ping', '/jobs']);

/**
 * Whether a request is served without a client certificate where `server.client_ca` is set: reading `/jobs` and
 * `/ping` is; whatever changes something, is meant for workers, or tells more than status pages show is not.
 */
export function isOpenToAll({ method, url = '' }: Pick<IncomingMessage, 'method' | 'url'>): boolean {
  return (method === 'GET' || method === 'HEAD') && openPaths.has(url.split('?', 1)[0] ?? '');
}

import type { IncomingMessage } from 'node:http';
import { shortened } from '@tunasync/protocol';
import { ManagerError } from '../errors.js';

/**
 * Makes the check that no page of another site makes a browser change something here. Programs that are no browsers
 * send neither header that is looked at, and are let through.
 *
 * `Sec-Fetch-Site` is what the browser sees, whatever proxies make of `Host`. It is sent over HTTPS and to localhost
 * only; otherwise the `Origin` must be that of the request itself, by its `Host` or by what a proxy says that it was
 * (no page can send `X-Forwarded-Host` or `Forwarded` elsewhere without being asked for leave first), or of
 * `publicUrl`. Source: Fetch Metadata Request Headers, 2.3; RFC 6454; RFC 7239.
 *
 * @returns a function that throws ManagerError `ORIGIN_REFUSED`
 */
export function foreignRequestGuard(publicUrl?: string): (request: IncomingMessage) => void {
  const known = publicUrl !== undefined && URL.canParse(publicUrl) ? new URL(publicUrl).origin : undefined;
  return ({ headers, method }) => {
    if (method === 'GET' || method === 'HEAD') return;
    const { origin } = headers;
    if (origin !== undefined && origin === known) return;
    const site = headers['sec-fetch-site'];
    if (site === 'same-origin' || site === 'none') return;
    if (site === undefined && (origin === undefined || isOwn(origin, headers))) return;
    throw new ManagerError(
      'ORIGIN_REFUSED',
      `a page of another site (${shortened(origin ?? String(site))}) may not change anything here`,
    );
  };
}

function isOwn(origin: string, headers: IncomingMessage['headers']): boolean {
  if (!URL.canParse(origin)) return false;
  const { protocol, host } = new URL(origin);
  const forwarded = headers['x-forwarded-host'];
  const hosts = [
    headers.host,
    ...(typeof forwarded === 'string' ? forwarded.split(',') : []),
    ...Array.from((headers.forwarded ?? '').matchAll(/\bhost="?([^",;\s]+)/gi), ([, named]) => named),
  ];
  return hosts.some((named) => named !== undefined && normal(protocol, named.trim()) === host);
}

/** Without the port that the protocol has anyway. */
function normal(protocol: string, host: string): string | undefined {
  const url = `${protocol}//${host}`;
  return URL.canParse(url) ? new URL(url).host : undefined;
}

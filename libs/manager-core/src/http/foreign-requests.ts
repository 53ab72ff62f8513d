import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { shortened } from '@tunasync/protocol';
import { ManagerError } from '../errors.js';

/**
 * Makes the check that no page of another site makes a browser change something here. Programs that are no browsers
 * send neither header that is looked at, and are let through.
 *
 * `Sec-Fetch-Site` is what the browser sees, whatever proxies make of `Host`. It is sent over HTTPS and to localhost
 * only; otherwise the `Origin` must be that of the request itself, by its `Host` or by what a proxy says that it was
 * (no page can send `X-Forwarded-Host` or `Forwarded` elsewhere without being asked for leave first), or of
 * `publicUrl`. Where that is known, any other name that somebody else can have is refused although it is asked for: it may
 * have been made to lead here (DNS rebinding). Source: Fetch Metadata Request Headers, 2.3; RFC 6454; RFC 7239.
 *
 * @returns a function that throws ManagerError `ORIGIN_REFUSED`
 */
export function foreignRequestGuard(publicUrl?: string): (request: IncomingMessage) => void {
  const known = publicUrl !== undefined && URL.canParse(publicUrl) ? new URL(publicUrl) : undefined;
  return ({ headers, method }) => {
    if (method === 'GET' || method === 'HEAD') return;
    const { origin } = headers;
    if (origin !== undefined && origin === known?.origin) return;
    const site = headers['sec-fetch-site'];
    if (site === 'same-origin' || site === 'none') return;
    if (site === undefined) {
      if (origin === undefined) return;
      if (isOwn(origin, headers) && (known === undefined || isOurs(new URL(origin), known))) return;
    }
    const other = shortened(origin ?? String(site));
    const instead = known === undefined ? '' : `: use ${known.origin}`;
    throw new ManagerError(
      'ORIGIN_REFUSED',
      `a page of another site (${other}) may not change anything here${instead}`,
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

/** Whether nobody else can have that name: it is that of the public URL, an address, or one without a domain. */
function isOurs({ hostname }: URL, known: URL): boolean {
  if (hostname === known.hostname || isIP(hostname.replace(/^\[(.*)\]$/, '$1')) !== 0) return true;
  return !hostname.includes('.') || hostname.endsWith('.localhost');
}

/** Without the port that the protocol has anyway. */
function normal(protocol: string, host: string): string | undefined {
  const url = `${protocol}//${host}`;
  return URL.canParse(url) ? new URL(url).host : undefined;
}

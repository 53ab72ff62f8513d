import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { shortened } from '@tunasync/protocol';
import { HttpError } from '../errors/http-error.js';

/** Checks a request before anything of it is read. @throws HttpError when it must not be served */
export type RequestGuard = (request: IncomingMessage) => void;

/**
 * Makes a guard against pages of other sites that make a browser change something here. Programs other than browsers
 * send neither of the headers that it reads, and pass.
 *
 * `Sec-Fetch-Site` is the browser's own view, whatever proxies do to `Host`. Browsers send it over HTTPS and to
 * localhost only. Without it, the `Origin` must be that of the request, by its `Host` or by the host that a proxy names
 * (no page can send `X-Forwarded-Host` or `Forwarded` to another site without a preflight request), or that of
 * `publicUrl`. When `publicUrl` is known, a host name that others could own is refused even if the request was sent to
 * it: it may have been made to resolve to this server (DNS rebinding). Source: Fetch Metadata Request Headers, 2.3;
 * RFC 6454; RFC 7239.
 *
 * @returns a guard that throws HttpError `ORIGIN_REFUSED`
 */
export function csrfGuard(publicUrl?: string): RequestGuard {
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
    throw new HttpError(
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

/** Whether the name cannot belong to another site: it is that of the public URL, an IP address, or has no domain. */
function isOurs({ hostname }: URL, known: URL): boolean {
  if (hostname === known.hostname || isIP(hostname) !== 0) return true;
  // an IPv6 address in a URL has no dot either, as `::ffff:192.0.2.7` is written `[::ffff:c000:207]` there
  return !hostname.includes('.') || hostname.endsWith('.localhost');
}

/** Without the default port of the protocol. */
function normal(protocol: string, host: string): string | undefined {
  const url = `${protocol}//${host}`;
  return URL.canParse(url) ? new URL(url).host : undefined;
}

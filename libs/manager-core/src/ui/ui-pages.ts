import type { OutgoingHttpHeaders, IncomingMessage } from 'node:http';
import { TLSSocket } from 'node:tls';
import { EncodedBody, sendEncoded } from '@tunasync/http';
import type { Request, RequestHandler } from 'express';
import { describeApi } from '../routes/openapi-document.js';
import { apiPageScript } from './api-page-script.js';
import { apiPage } from './api-page.js';
import { caching, pageHeaders } from './page-headers.js';
import { Site, type Resource } from './site.js';

/** Where the web frontend comes from. */
export interface UiOptions {
  /**
   * Folder of its static files: `index.html` and `status.html`, which have a `<base href="./">`, and others; those in
   * `assets/` are named after their content. It is read once.
   */
  folder: string;
}

/** API pages that are kept, one for each address under which the manager is asked. */
const mostApiPages = 16;

/**
 * Serves the web frontend: its files under `/ui/`, the page of the API at `/ui/api`, and a way from `/` to it. Nothing of that
 * names the folders before `/ui/`, so that it works under any path that a proxy puts before it.
 *
 * @param publicUrl - what examples of the API begin with. @defaultValue by the request
 * @throws ManagerError `UI_UNREADABLE`
 */
export function uiPages({
  folder,
  publicUrl,
}: UiOptions & { publicUrl?: string | undefined }): RequestHandler {
  const site = new Site(folder);
  const script: Resource = {
    body: new EncodedBody(apiPageScript),
    headers: headersOf('text/javascript', caching.page),
  };
  const apiPageHeaders = headersOf('text/html', caching.page);
  const apiPages = new Map<string, EncodedBody>();
  const apiPageAt = (base: string): EncodedBody => {
    let page = apiPages.get(base);
    if (page === undefined) {
      if (apiPages.size >= mostApiPages) apiPages.clear();
      page = new EncodedBody(apiPage(describeApi(), base), undefined, ['br', 'gzip']);
      apiPages.set(base, page);
    }
    return page;
  };
  const find = (path: string, request: Request): Resource | undefined => {
    if (path === 'api-page.js') return script;
    if (path === 'api') {
      const base = publicUrl?.replace(/\/+$/, '') ?? baseUrlOf(request);
      return { body: apiPageAt(base), headers: apiPageHeaders };
    }
    return site.find(path);
  };

  return async (request, response, next) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      next();
      return;
    }
    const path = pathOf(request.url);
    if (path === '/' || path === '/ui') {
      const [own = ''] = pathOf(request.originalUrl).split('/').slice(-1);
      const begin = own === '' ? '' : `./${own}/`;
      const location = path === '/' ? `${begin}ui/` : begin;
      response.writeHead(302, { ...pageHeaders, location, 'cache-control': 'no-cache', 'content-length': 0 });
      response.end();
      return;
    }
    const resource = path.startsWith('/ui/') ? find(path.slice('/ui/'.length), request) : undefined;
    if (resource === undefined) next();
    else await sendEncoded(request, response, resource.body, resource.headers);
  };
}

function headersOf(type: string, cacheControl: string): OutgoingHttpHeaders {
  return { ...pageHeaders, 'content-type': `${type}; charset=utf-8`, 'cache-control': cacheControl };
}

function pathOf(url: string): string {
  return url.split('?', 1)[0] ?? '';
}

/** Where a request found the manager: by what a proxy says, or by `Host`. A path that a proxy took off is not known. */
function baseUrlOf(request: Request): string {
  const secure = request.socket instanceof TLSSocket;
  const protocol = firstOf(request, 'x-forwarded-proto') ?? (secure ? 'https' : 'http');
  const host = firstOf(request, 'x-forwarded-host') ?? request.headers.host ?? '';
  const url = `${protocol}://${host}`;
  // a URL's host may hold what a shell takes for more than text
  const isPlain = /^[\w.:[\]-]+$/.test(host) && URL.canParse(url);
  const { origin } = isPlain ? new URL(url) : { origin: 'null' };
  return `${origin === 'null' ? 'http://localhost:14242' : origin}${request.baseUrl}`;
}

function firstOf({ headers }: IncomingMessage, name: string): string | undefined {
  const value = headers[name];
  return typeof value === 'string' ? value.split(',', 1)[0]?.trim() : undefined;
}

import { readdirSync, readFileSync } from 'node:fs';
import type { OutgoingHttpHeaders } from 'node:http';
import { join, relative, sep } from 'node:path';
import { EncodedBody } from '@tunasync/http';
import { messageOf } from '@tunasync/protocol';
import { ManagerError } from '../errors/manager-error.js';
import { deepest, HtmlPage } from './html-page.js';
import { mediaTypeOf } from './media-types.js';
import { caching, pageHeaders } from './page-headers.js';

/** What is answered at an address. */
export interface Resource {
  body: EncodedBody;
  headers: OutgoingHttpHeaders;
}

/** Addresses of pages that the frontend tells apart; the names of workers and mirrors may be anything. */
const pagePath = /^(?:[\w-]*(?:\/[\w-]*)*|mirrors\/.*)$/;
const dotSegment = /^(?:\.|%2e){1,2}$/i;

/**
 * The frontend's static files, all of them in memory: an address is looked up among their names and never becomes a
 * path on the disk.
 */
export class Site {
  readonly #files = new Map<string, Resource>();
  readonly #index: HtmlPage;
  readonly #status: HtmlPage;

  /**
   * Reads a folder with `index.html`, `status.html`, and files; those in `assets/` are named after their content.
   *
   * @throws ManagerError `UI_UNREADABLE` that says what is missing
   */
  constructor(folder: string) {
    for (const name of filesIn(folder)) this.#files.set(name, fileResource(name, read(folder, name)));
    this.#index = page(folder, 'index.html');
    this.#status = page(folder, 'status.html');
  }

  /** What is at an address below `/ui/`, if anything. @param path - as in the request: nothing of it is decoded */
  find(path: string): Resource | undefined {
    if (path === 'status' || path === 'status.html') return pageResource(this.#status, 0, caching.publicPage);
    if (path === 'index.html') return pageResource(this.#index, 0, caching.page);
    const file = this.#files.get(path);
    if (file !== undefined) return file;
    const segments = path.split('/');
    if (segments.length > deepest + 1 || !pagePath.test(path)) return undefined;
    if (segments[0] === 'assets' || segments.some((segment) => dotSegment.test(segment))) return undefined;
    return pageResource(this.#index, segments.length - 1, caching.page);
  }
}

function pageResource(html: HtmlPage, depth: number, cacheControl: string): Resource {
  return {
    body: html.at(depth),
    headers: { ...pageHeaders, 'content-type': 'text/html; charset=utf-8', 'cache-control': cacheControl },
  };
}

function fileResource(name: string, content: Buffer): Resource {
  const { type, compressible } = mediaTypeOf(name);
  return {
    body: new EncodedBody(content, undefined, compressible ? ['br', 'gzip'] : []),
    headers: {
      ...pageHeaders,
      'content-type': type,
      'cache-control': name.startsWith('assets/') ? caching.hashed : caching.file,
    },
  };
}

/** Names of the files in a folder and below, with `/` between them; links are left out. */
function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'));
  } catch (error) {
    throw unreadable(messageOf(error), error);
  }
}

function page(folder: string, name: string): HtmlPage {
  const html = HtmlPage.of(read(folder, name).toString());
  if (html === undefined) throw unreadable(`${join(folder, name)} has no <base href="…">`);
  return html;
}

function read(folder: string, name: string): Buffer {
  try {
    return readFileSync(join(folder, name));
  } catch (error) {
    throw unreadable(messageOf(error), error);
  }
}

function unreadable(why: string, cause?: unknown): ManagerError {
  return new ManagerError('UI_UNREADABLE', `the web frontend cannot be read: ${why}`, { cause });
}

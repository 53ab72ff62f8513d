import { extname } from 'node:path';

/** How a kind of file is sent. */
export interface MediaType {
  type: string;
  /** Whether compressing it pays. */
  compressible: boolean;
}

const texts: Readonly<Record<string, string>> = {
  '.css': 'text/css',
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.map': 'application/json',
  '.md': 'text/plain',
  '.mjs': 'text/javascript',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain',
  '.webmanifest': 'application/manifest+json',
};
const binaries: Readonly<Record<string, string>> = {
  '.ico': 'image/x-icon',
  '.png': 'image/png',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
};

/** The media type of a file, by its name. Source: IANA Media Types. */
export function mediaTypeOf(name: string): MediaType {
  const extension = extname(name);
  const text = texts[extension];
  if (text !== undefined) return { type: `${text}; charset=utf-8`, compressible: true };
  return { type: binaries[extension] ?? 'application/octet-stream', compressible: false };
}

import Negotiator from 'negotiator';

/** Compression of a body: brotli or gzip. */
export type Coding = 'br' | 'gzip';

/**
 * Chooses how to compress a body for a client: the coding with the highest quality, and the first one offered among
 * equals. A client that prefers `identity` gets the bytes as they are. Source: RFC 9110, 12.5.3.
 *
 * @param accepted - value of `Accept-Encoding`
 * @param offered - codings of the body, best first
 * @returns undefined: no compression
 */
export function chooseCoding(accepted: string | undefined, offered: readonly Coding[]): Coding | undefined {
  if (accepted === undefined || offered.length === 0) return undefined;
  // x-gzip is gzip: RFC 9110, 8.4.1.3
  const headers = { 'accept-encoding': accepted.replace(/\bx-gzip\b/gi, 'gzip') };
  const available = [...offered, 'identity'];
  const client: Encodings = new Negotiator({ headers });
  const [chosen] = client.encodings(available, { preferred: available });
  return offered.find((coding) => coding === chosen);
}

/** The types of negotiator do not know its option `preferred` yet. */
interface Encodings {
  encodings(available: string[], options: { preferred: string[] }): string[];
}

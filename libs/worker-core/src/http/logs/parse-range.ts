import { RequestError } from './request-error.js';

/** A part of a file; `end` is behind its last byte. */
export interface ByteRange {
  start: number;
  end: number;
}

/**
 * The part that a `Range` header asks for; undefined when it is to be ignored: there is none, it is not in bytes, not
 * well-formed, or for several parts. Source: RFC 9110, 14.
 *
 * @throws RequestError `RANGE_INVALID` when nothing of it is there
 */
export function parseRange(header: string | undefined, size: number): ByteRange | undefined {
  const [, first, last] = /^bytes=\s*(\d*)\s*-\s*(\d*)\s*$/i.exec(header ?? '') ?? [];
  if (first === undefined || last === undefined || (first === '' && last === '')) return undefined;
  const start = first === '' ? Math.max(size - Number(last), 0) : Number(first);
  const end = first === '' || last === '' ? size : Math.min(Number(last) + 1, size);
  if (first !== '' && last !== '' && Number(last) < start) return undefined;
  if (start >= size || end <= start) {
    throw new RequestError('RANGE_INVALID', `Range: the log has ${size} bytes`);
  }
  return { start, end };
}

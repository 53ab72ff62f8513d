import { RequestError } from './request-error.js';

/** A part of a file; `end` is the offset after its last byte. */
export interface ByteRange {
  start: number;
  end: number;
}

/**
 * The part that a `Range` header asks for. Undefined when the header is to be ignored: it is missing, malformed,
 * not in bytes, or for several parts. Source: RFC 9110, 14.
 *
 * @throws RequestError `RANGE_INVALID` when the log has nothing of the part
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

// Plain JavaScript, so that a worker thread can load it from the sources as well as from the build.
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { isHole } from './hole-filter.js';

/** Bytes that are read at a time. */
const windowBytes = 1 << 20;
/** A longer line is searched in pieces, in bytes. */
const longestPiece = 1 << 16;
/** So much is shown of a line, in UTF-16 units, and so much of that in front of the match. */
const longestText = 500;
const before = 100;

const nothing = Buffer.alloc(0);

/**
 * Looks for lines that a pattern matches, with the offsets of the lines, in bounded memory. Blocks its thread.
 *
 * @param {{ file: string, start: number, limit: number, budgetMs: number }} task
 * @param {import('re2js').RE2JS} pattern
 * @returns {import('./search-log.js').LogSearch}
 */
export function searchLines({ file, start, limit, budgetMs }, pattern) {
  const until = performance.now() + budgetMs;
  const buffer = Buffer.allocUnsafe(windowBytes);
  const descriptor = openSync(file, 'r');
  /** @type {import('./search-log.js').LogHit[]} */
  const hits = [];
  try {
    const { size } = fstatSync(descriptor);
    const isEnough = () => hits.length >= limit || performance.now() > until;
    let offset = Math.min(start, size);
    let rest = nothing;
    for (let at = offset; at < size;) {
      const count = readSync(descriptor, buffer, 0, Math.min(buffer.length, size - at), at);
      if (count === 0) break;
      at += count;
      const part = buffer.subarray(0, count);
      if (isHole(part) && isHole(rest)) {
        offset = at;
        rest = nothing;
        if (isEnough()) break;
        continue;
      }
      const bytes = rest.length === 0 ? part : Buffer.concat([rest, part]);
      const isLast = at >= size;
      let from = 0;
      while (from < bytes.length) {
        const piece = pieceOf(bytes, from, isLast);
        if (piece === undefined) break;
        look(bytes.subarray(from, piece.end), offset, pattern, hits);
        offset += piece.next - from;
        from = piece.next;
        if (isEnough()) return { hits, end: offset, size };
      }
      rest = Buffer.from(bytes.subarray(from));
    }
    return { hits, end: offset, size };
  } finally {
    closeSync(descriptor);
  }
}

/**
 * The next line, or as much of it as is searched at a time; undefined when its end is still to be read.
 *
 * @param {Buffer} bytes
 * @param {number} from
 * @param {boolean} isLast nothing comes after these bytes
 * @returns {{ end: number, next: number } | undefined}
 */
function pieceOf(bytes, from, isLast) {
  const end = bytes.indexOf(0x0a, from);
  const longest = from + longestPiece;
  if (end >= 0 && end <= longest) return { end, next: end + 1 };
  if (bytes.length > longest) return { end: longest, next: longest };
  return isLast ? { end: bytes.length, next: bytes.length } : undefined;
}

/**
 * @param {Buffer} bytes
 * @param {number} offset
 * @param {import('re2js').RE2JS} pattern
 * @param {import('./search-log.js').LogHit[]} hits
 */
function look(bytes, offset, pattern, hits) {
  const line = bytes.toString().replaceAll('\0', '');
  const matcher = pattern.matcher(line);
  if (!matcher.find()) return;
  const from = line.length <= longestText ? 0 : Math.max(matcher.start() - before, 0);
  const text = line.slice(from, from + longestText);
  hits.push({
    offset,
    text,
    match: [matcher.start() - from, Math.min(matcher.end() - from, text.length)],
  });
}

// Plain JavaScript, so that a worker thread can load it from the sources as well as from the build.
import { readSync } from 'node:fs';

/** Bytes that are read at a time. */
const windowBytes = 1 << 20;
/** A longer line is searched in pieces, in bytes. */
const longestPiece = 1 << 16;
/** Overlap of two pieces, so that a match across their border is found. In bytes. */
const overlap = 1 << 10;
/** The longest shown part of a line, and the part of it before the match. In UTF-16 units. */
const longestText = 500;
const before = 100;
const newline = 0x0a;
const carriageReturn = 0x0d;

const nothing = Buffer.alloc(0);

/**
 * The pattern, and the list to which hits are added.
 *
 * @typedef {{ pattern: import('re2js').RE2JS, filter: RegExp | undefined, hits:
 * import('./search-result.js').LogHit[], isEnough: () => boolean }} Search
 */

/**
 * Finds lines that a pattern matches, with the offsets of the lines, in bounded memory. Blocks its thread.
 *
 * @param {{ descriptor: number, size: number, start: number, limit: number, budgetMs: number, hole?:
 * import('../read/find-hole.js').LogHole }} task
 *   `size`: bytes to search; `hole`: the part of them that was given back to the disk
 * @param {import('re2js').RE2JS} pattern
 * @param {RegExp} [filter] finds at least the matches of the pattern, and is faster: text without its matches is
 * skipped
 * @returns {import('./search-result.js').LogSearch}
 */
export function searchLines({ descriptor, size, start, limit, budgetMs, hole }, pattern, filter) {
  const until = performance.now() + budgetMs;
  /** @type {import('./search-result.js').LogHit[]} */
  const hits = [];
  const isEnough = () => hits.length >= limit || performance.now() > until;
  const parts =
    hole === undefined
      ? [[0, size]]
      : [
          [0, hole.start],
          [hole.end, size],
        ];
  let end = Math.min(start, size);
  for (const [first = 0, last = 0] of parts) {
    if (last <= end) continue;
    end = searchPart(descriptor, Math.max(first, end), last, { pattern, filter, hits, isEnough });
    if (end < last) return { hits, end, size };
  }
  return { hits, end: Math.max(end, size), size };
}

/**
 * @param {number} descriptor
 * @param {number} start
 * @param {number} last
 * @param {Search} search
 * @returns {number} as far as was searched
 */
function searchPart(descriptor, start, last, search) {
  const { filter, isEnough } = search;
  const buffer = Buffer.allocUnsafe(windowBytes);
  let offset = start;
  let rest = nothing;
  // bytes of the piece before that the next one begins with
  let known = 0;
  for (let at = start; at < last;) {
    const count = readSync(descriptor, buffer, 0, Math.min(buffer.length, last - at), at);
    // it became shorter and has no more
    if (count === 0) return last;
    at += count;
    const part = buffer.subarray(0, count);
    const bytes = rest.length === 0 ? part : Buffer.concat([rest, part]);
    let from = known > 0 ? 0 : withoutMatch(bytes, filter);
    offset += from;
    if (from > 0 && isEnough() && offset < last) return offset;
    while (from < bytes.length) {
      const piece = pieceOf(bytes, from, at >= last);
      if (piece === undefined) break;
      look(bytes.subarray(from, piece.end), offset, known, search);
      offset += piece.next - from;
      known = Math.max(piece.end - piece.next, 0);
      from = piece.next;
      if (isEnough() && offset < last) return offset;
    }
    rest = Buffer.from(bytes.subarray(from));
  }
  return last;
}

/**
 * How many of these bytes, which begin with a line, have no match: all whole lines, or none.
 *
 * @param {Buffer} bytes
 * @param {RegExp | undefined} filter
 * @returns {number}
 */
function withoutMatch(bytes, filter) {
  const end = bytes.lastIndexOf(newline) + 1;
  // NULs are dropped from lines, and may be in the middle of a match
  if (filter === undefined || end === 0 || bytes.includes(0)) return 0;
  return filter.test(bytes.toString('utf8', 0, end)) ? 0 : end;
}

/**
 * The next line, or the longest piece of it that is searched at a time; undefined when its end is still to be
 * read.
 *
 * @param {Buffer} bytes
 * @param {number} from
 * @param {boolean} isLast nothing comes after these bytes
 * @returns {{ end: number, next: number } | undefined} `next` is where the next piece begins: after the line's
 * end, or
 *   before the end of the piece
 */
function pieceOf(bytes, from, isLast) {
  const end = bytes.indexOf(newline, from);
  const longest = from + longestPiece;
  if (end >= 0 && end <= longest) return { end, next: end + 1 };
  if (bytes.length <= longest) return isLast ? { end: bytes.length, next: bytes.length } : undefined;
  // text that a terminal overwrites counts as a line
  const written = bytes.subarray(from, longest).lastIndexOf(carriageReturn);
  if (written > 0) return { end: from + written + 1, next: from + written + 1 };
  return { end: toCharacter(bytes, longest), next: toCharacter(bytes, longest - overlap) };
}

/**
 * The last place at or before an offset that is not within a character.
 *
 * @param {Buffer} bytes
 * @param {number} offset
 * @returns {number}
 */
function toCharacter(bytes, offset) {
  for (let at = offset; at > offset - 4; at--) if (((bytes[at] ?? 0) & 0xc0) !== 0x80) return at;
  return offset;
}

/**
 * @param {Buffer} bytes
 * @param {number} offset
 * @param {number} known bytes that were searched before: a match that ends in them was found then
 * @param {Search} search
 */
function look(bytes, offset, known, { pattern, filter, hits }) {
  const plain = bytes.includes(0) ? withoutZeros(bytes, offset) : { bytes, offset };
  const line = plain.bytes.toString();
  if (filter?.test(line) === false) return;
  const matcher = pattern.matcher(line);
  const fresh = known === 0 ? 0 : bytes.toString('utf8', 0, known).length;
  do if (!matcher.find()) return;
  while (known > 0 && matcher.end() <= fresh);
  const [start, end] = [matcher.start(), matcher.end()];
  const from = line.length <= longestText ? 0 : Math.max(start - before, 0);
  const text = line.slice(from, from + longestText);
  hits.push({ offset: plain.offset, text, match: [start - from, Math.min(end - from, text.length)] });
}

/**
 * NULs are no text; a line begins after those at its start.
 *
 * @param {Buffer} bytes
 * @param {number} offset
 * @returns {{ bytes: Buffer, offset: number }}
 */
function withoutZeros(bytes, offset) {
  let first = 0;
  while (first < bytes.length && bytes[first] === 0) first++;
  return { bytes: Buffer.from(bytes.subarray(first).filter((byte) => byte !== 0)), offset: offset + first };
}

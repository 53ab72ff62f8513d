// Plain JavaScript, so that a worker thread can load it from the sources as well as from the build.
import { closeSync, openSync, readSync } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import { HoleFilter } from '../read/hole-filter.js';

/** Bytes that are read and searched at a time. */
const windowBytes = 1 << 20;

/** The longest match, in UTF-16 units, that is found wherever the windows' borders fall. */
export const longestMatch = 1 << 16;

/**
 * Searches a text that arrives in windows as if it were one string, with the rules of Go's `FindAll`.
 */
export class WindowScan {
  /** Number of matches so far. */
  matches = 0;
  /** First group of the last match. @type {string | undefined} */
  lastGroup = undefined;
  #pattern;
  #overlap;
  /** Text that may still be part of a match, and a character before it for `^` and `\b`. */
  #text = '';
  /** Where in the text the search continues. */
  #position = 0;
  #previousEnd = -1;

  /**
   * @param {import('re2js').RE2JS} pattern
   * @param {number} [overlap] longest match
   */
  constructor(pattern, overlap = longestMatch) {
    this.#pattern = pattern;
    this.#overlap = overlap;
  }

  /**
   * @param {string} text the next window
   * @param {boolean} last whether the text ends with it
   */
  feed(text, last) {
    this.#text += text;
    const { length } = this.#text;
    // a match that begins before this is all there, and so is what decides about it
    const certain = last ? length : length - this.#overlap;
    const matcher = this.#pattern.matcher(this.#text);
    while (this.#position <= certain) {
      if (!matcher.find(this.#position) || matcher.start() > certain) {
        this.#position = certain + 1;
        break;
      }
      this.#take(matcher);
    }
    const context = Math.max(Math.min(this.#position, length) - 2, 0);
    this.#text = this.#text.slice(context);
    this.#position -= context;
    this.#previousEnd -= context;
  }

  /** @param {import('re2js').Matcher} matcher */
  #take(matcher) {
    const [start, end] = [matcher.start(), matcher.end()];
    const counts = end !== this.#position || start !== this.#previousEnd;
    if (end === this.#position) {
      // an empty match: continue after the next character
      this.#position += (this.#text.codePointAt(end) ?? 0) > 0xffff ? 2 : 1;
    } else {
      this.#position = end;
    }
    this.#previousEnd = end;
    if (!counts) return;
    this.matches++;
    this.lastGroup = (matcher.groupCount() > 0 ? matcher.group(1) : null) ?? undefined;
  }
}

/**
 * Searches a file of any size in bounded memory. Blocks its thread.
 *
 * @param {string} file
 * @param {import('re2js').RE2JS} pattern
 * @returns {{ matches: number, lastGroup: string | undefined }}
 */
export function scanFile(file, pattern) {
  const scan = new WindowScan(pattern);
  const decoder = new StringDecoder('utf8');
  const filter = new HoleFilter();
  const buffer = Buffer.allocUnsafe(windowBytes);
  const descriptor = openSync(file, 'r');
  try {
    for (;;) {
      const bytes = readSync(descriptor, buffer, 0, buffer.length, null);
      if (bytes === 0) break;
      const part = filter.push(buffer.subarray(0, bytes));
      if (part.length > 0) scan.feed(decoder.write(part), false);
    }
  } finally {
    closeSync(descriptor);
  }
  scan.feed(decoder.write(filter.end()) + decoder.end(), true);
  return { matches: scan.matches, lastGroup: scan.lastGroup };
}

// Plain JavaScript, so that a worker thread can load it from the sources as well as from the build.
import { closeSync, openSync, readSync } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import { HoleFilter } from '../read/hole-filter.js';

/** Bytes that are read at a time. */
const windowBytes = 1 << 20;
/** A longer line is taken apart. In UTF-16 units. */
const longestLine = 1 << 16;
/** Kept length of a long line, in UTF-16 units. */
const longestKept = 2048;

/**
 * A line that was found: `at` grows from line to line, and is between the offsets of the part that was searched.
 *
 * @typedef {{ at: number, text: string }} FoundLine
 */

/** The last lines that a pattern matches, of limited size together. */
class Findings {
  #pattern;
  #room;
  #bytes = 0;
  /** @type {FoundLine[]} */
  lines = [];

  /**
   * @param {import('re2js').RE2JS} pattern
   * @param {number} room bytes
   */
  constructor(pattern, room) {
    this.#pattern = pattern;
    this.#room = room;
  }

  /**
   * @param {string} line
   * @param {number} at
   */
  look(line, at) {
    const matcher = this.#pattern.matcher(line);
    if (!matcher.find()) return;
    let text = line;
    if (text.length > longestKept) {
      const from = matcher.end() <= longestKept ? 0 : matcher.start();
      text = text.slice(from, from + longestKept);
    }
    this.lines.push({ at, text });
    this.#bytes += Buffer.byteLength(text) + 1;
    while (this.#bytes > this.#room && this.lines.length > 0) {
      this.#bytes -= Buffer.byteLength(this.lines.shift()?.text ?? '') + 1;
    }
  }
}

/**
 * Finds lines that match one of several patterns in a part of a file, in bounded memory. Blocks its thread.
 *
 * @param {{ file: string, start: number, end: number, room: number }} part `room`: bytes of lines for a pattern
 * @param {import('re2js').RE2JS[]} patterns
 * @returns {FoundLine[][]} for each pattern the last lines that fit, in their order
 */
export function findLines({ file, start, end, room }, patterns) {
  const findings = patterns.map((pattern) => new Findings(pattern, room));
  let at = start;
  forEachLine(file, start, end, (line) => {
    for (const finding of findings) finding.look(line, at);
    at++;
  });
  return findings.map(({ lines }) => lines);
}

/**
 * @param {string} file
 * @param {number} start
 * @param {number} end
 * @param {(line: string) => void} take
 */
function forEachLine(file, start, end, take) {
  const decoder = new StringDecoder('utf8');
  const filter = new HoleFilter();
  const buffer = Buffer.allocUnsafe(windowBytes);
  const descriptor = openSync(file, 'r');
  let rest = '';
  try {
    for (let at = start; at < end;) {
      const bytes = readSync(descriptor, buffer, 0, Math.min(buffer.length, end - at), at);
      if (bytes === 0) break;
      at += bytes;
      const lines = (rest + decoder.write(filter.push(buffer.subarray(0, bytes)))).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) take(line);
      while (rest.length > longestLine) {
        take(rest.slice(0, longestLine));
        rest = rest.slice(longestLine);
      }
    }
  } finally {
    closeSync(descriptor);
  }
  rest += decoder.write(filter.end()) + decoder.end();
  if (rest !== '') take(rest);
}

import { stat } from 'node:fs/promises';
import { readLogRange } from '@tunasync/run-log';
import { lastProgressLine, type ProgressLine } from './progress-line.js';

/** Bytes of one look. */
const windowSize = 8192;
/** Longer than a progress line. */
const overlap = 256;
/** An answer that has not come within so many bytes of output is not looked for any more. */
const longestSearch = 16 * windowSize;

/** Looks for rsync's progress lines in a log that grows, a few KB at a time. */
export class LogTail {
  readonly #file: string;
  #size = -1;
  #asked: { from: number; until: number } | undefined;

  constructor(file: string) {
    this.#file = file;
  }

  /** Whether {@link expectAnswer} waits for a line. */
  get expecting(): boolean {
    return this.#asked !== undefined;
  }

  /** A line will come soon behind what the log has now, however much is written after it. */
  expectAnswer(): void {
    const from = Math.max(this.#size, 0);
    this.#asked = { from, until: from + longestSearch };
  }

  /**
   * The newest progress line that has come since the last look; undefined when none has, or the log cannot be read.
   * The first look finds nothing: what is there already may be another command's.
   */
  async look(): Promise<ProgressLine | undefined> {
    let size: number;
    try {
      ({ size } = await stat(this.#file));
    } catch {
      return undefined;
    }
    const previous = this.#size;
    if (size === previous && this.#asked === undefined) return undefined;
    this.#size = size;
    if (previous < 0) return undefined;
    const asked = await this.#answer(size);
    if (size === previous) return asked;
    const start = Math.max(size - windowSize, Math.min(previous, size) - overlap);
    return (await this.#read(start)) ?? asked;
  }

  async #answer(size: number): Promise<ProgressLine | undefined> {
    const asked = this.#asked;
    if (asked === undefined || size <= asked.from) return undefined;
    const line = await this.#read(asked.from);
    if (line !== undefined) this.#asked = undefined;
    else if (size >= asked.from + windowSize) asked.from += windowSize - overlap;
    if (asked.from > asked.until) this.#asked = undefined;
    return line;
  }

  async #read(start: number): Promise<ProgressLine | undefined> {
    try {
      const from = Math.max(start, 0);
      return lastProgressLine((await readLogRange(this.#file, { start: from, end: from + windowSize })).text);
    } catch {
      return undefined;
    }
  }
}

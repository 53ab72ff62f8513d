import type { LogPart, LogWatch } from './log-watch.js';

/** A line of a log, without its line break. */
export interface LogLine {
  text: string;
  /** Offset after it, in bytes. */
  end: number;
}

/** The news of a log since the previous call. */
export interface LogLines {
  lines: LogLine[];
  /** The text that an incomplete last line shows now; `end` is the offset at which that text begins. */
  update: LogLine | undefined;
  /** Whether more can be read immediately. */
  more: boolean;
  /** Set when the log is no longer the one that was read before; then reading starts at its beginning. */
  restarted: 'truncated' | 'replaced' | undefined;
  /** Bytes that were returned to the disk before they could be read. */
  skipped: number;
}

/** Most lines that one call returns. */
const mostLines = 1000;
/** Longer lines are split. In bytes. */
const longestLine = 64 * 1024;
const newline = 0x0a;
const carriageReturn = 0x0d;

/** Reads a log line by line while it is written. Keeps no file open. */
export class LogLineReader {
  readonly file: string;
  readonly #watch: LogWatch;
  #position: number;
  /** Whether the position is inside a line whose beginning was skipped. */
  #inLine = false;
  #identity: string | undefined;
  /** Size of the log in bytes when all of it had been read; undefined: there is more. */
  #readSize: number | undefined;

  /** @param file - its path without `.fail`; a log with that suffix is found too */
  constructor(watch: LogWatch, file: string, position: number) {
    this.#watch = watch;
    this.file = file;
    this.#position = position;
  }

  /**
   * When more than `most` bytes are unread, continues at the first line of the last `kept` bytes.
   *
   * @returns the number of bytes that are skipped
   */
  async catchUp(most: number, kept: number): Promise<number> {
    const { size = 0 } = (await this.#watch.facts(this.file, true)) ?? {};
    if (size - this.#position <= most) return 0;
    const skipped = size - kept - this.#position;
    this.#position += skipped;
    this.#inLine = true;
    return skipped;
  }

  /**
   * Resolves to undefined when the log is gone. Rejects when it cannot be read.
   *
   * @param isLast - nothing more will be written, so an unfinished last line counts as a line
   */
  async read(isLast = false): Promise<LogLines | undefined> {
    const facts = await this.#watch.facts(this.file, isLast);
    if (facts === undefined) return undefined;
    if (!isLast && facts.identity === this.#identity && facts.size === this.#readSize)
      return { lines: [], update: undefined, more: false, restarted: undefined, skipped: 0 };
    let part = await this.#watch.read(this.file, this.#position);
    if (part === undefined) return undefined;
    const restarted =
      this.#identity !== undefined && this.#identity !== part.identity
        ? ('replaced' as const)
        : part.size < this.#position
          ? ('truncated' as const)
          : undefined;
    if (restarted !== undefined) {
      this.#position = 0;
      this.#inLine = false;
      part = await this.#watch.read(this.file, 0);
      if (part === undefined) return undefined;
    }
    let skipped = 0;
    const { hole } = part;
    if (hole !== undefined && hole.start <= this.#position && this.#position < hole.end) {
      // a reader at the beginning of the hole has read the line that marks it
      if (hole.start < this.#position) skipped = hole.end - this.#position;
      this.#position = hole.end;
      this.#inLine = false;
      part = await this.#watch.read(this.file, hole.end);
      if (part === undefined) return undefined;
    }
    return { ...this.#takeOf(part, isLast), restarted, skipped };
  }

  #takeOf(
    { bytes, hole, identity, size }: LogPart,
    isLast: boolean,
  ): Pick<LogLines, 'lines' | 'update' | 'more'> {
    const begin = this.#position;
    const toHole = (hole?.start ?? -1) - begin;
    const isCut = toHole > 0 && toHole < bytes.length;
    const given = isCut ? bytes.subarray(0, toHole) : bytes;
    const atEnd = begin + given.length >= size;
    const taken = this.#take(given, isCut || (isLast && atEnd));
    const isMore = taken.isFull || ((this.#position > begin || isCut) && !atEnd);
    this.#identity = identity;
    this.#readSize = isMore || !atEnd ? undefined : size;
    return { lines: taken.lines, update: taken.update, more: isMore };
  }

  #take(bytes: Buffer, isLast: boolean): Pick<LogLines, 'lines' | 'update'> & { isFull: boolean } {
    const start = this.#position;
    const lines: LogLine[] = [];
    let from = 0;
    const takeTo = (end: number, next: number, isPiece = false): void => {
      const text = shown(bytes.subarray(from, end));
      from = next;
      this.#position = start + next;
      // nothing is shown of a line that was entered in the middle, nor of bytes that were returned to the disk
      if (!this.#inLine && !(isPiece && text === '')) lines.push({ text, end: this.#position });
      if (!isPiece) this.#inLine = false;
    };
    for (let end = bytes.indexOf(newline); end >= 0; end = bytes.indexOf(newline, from)) {
      takeTo(end, end + 1);
      if (lines.length >= mostLines) return { lines, update: undefined, isFull: true };
    }
    const skipWrittenOver = (): void => {
      // the last byte does not count: it may be the first half of a line break of two bytes
      from += bytes.subarray(from, -1).lastIndexOf(carriageReturn) + 1;
      this.#position = start + from;
    };
    if (!isLast) skipWrittenOver();
    while (bytes.length - from > longestLine) {
      const end = toCharacter(bytes, from + longestLine);
      takeTo(end, end, true);
    }
    if (from === bytes.length || this.#inLine) return { lines, update: undefined, isFull: false };
    if (isLast) {
      takeTo(bytes.length, bytes.length);
      return { lines, update: undefined, isFull: false };
    }
    return { lines, update: { text: shown(bytes.subarray(from)), end: this.#position }, isFull: false };
  }
}

/** The last position at or before an offset that does not split a character. */
function toCharacter(bytes: Buffer, offset: number): number {
  for (let at = offset; at > offset - 4; at--) if (((bytes[at] ?? 0) & 0xc0) !== 0x80) return at;
  return offset;
}

/** A line as a terminal shows it in the end: without NULs and without text that a carriage return has overwritten. */
function shown(bytes: Buffer): string {
  const line = bytes.toString().replaceAll('\0', '').replace(/\r+$/, '');
  return line.slice(line.lastIndexOf('\r') + 1);
}

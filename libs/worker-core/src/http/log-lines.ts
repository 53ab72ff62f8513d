import { openLog, type OpenLog } from './open-log.js';

/** A line of a log, without its end. */
export interface LogLine {
  text: string;
  /** Offset behind it, in bytes. */
  end: number;
}

/** What came since the last call. */
export interface LogLines {
  lines: LogLine[];
  /** What the last line, which is not complete, shows now; `end` is where it begins to be shown. */
  update: LogLine | undefined;
  /** Whether there is more to be read at once. */
  more: boolean;
  /** Set when this is not what was read before; it is from its beginning then. */
  restarted: 'truncated' | 'replaced' | undefined;
}

/** Bytes that one call reads. */
const mostBytes = 128 * 1024;
/** A longer line is taken apart. In bytes. */
const longestLine = 64 * 1024;
const newline = 0x0a;
const carriageReturn = 0x0d;

/** Reads a log line by line while it is written; keeps no file open. */
export class LogLineReader {
  readonly file: string;
  #position: number;
  /** Whether the position is inside a line whose beginning was left out. */
  #inLine = false;
  #identity: string | undefined;

  /** @param file - its path without `.fail`; it is found with it as well */
  constructor(file: string, position: number) {
    this.file = file;
    this.#position = position;
  }

  /**
   * When more than `most` bytes are still to be read, goes on with the first line of the last `kept` ones.
   *
   * @returns how many bytes are left out
   */
  async catchUp(most: number, kept: number): Promise<number> {
    const opened = await this.#open();
    if (opened === undefined) return 0;
    await opened.handle.close();
    if (opened.size - this.#position <= most) return 0;
    const skipped = opened.size - kept - this.#position;
    this.#position += skipped;
    this.#inLine = true;
    return skipped;
  }

  /**
   * Resolves to undefined when the log is gone. Rejects when it cannot be read.
   *
   * @param isLast - nothing is written any more: what is there of a last line is one
   */
  async read(isLast = false): Promise<LogLines | undefined> {
    const opened = await this.#open();
    if (opened === undefined) return undefined;
    const { handle, size, identity } = opened;
    try {
      const restarted =
        this.#identity !== undefined && this.#identity !== identity
          ? ('replaced' as const)
          : size < this.#position
            ? ('truncated' as const)
            : undefined;
      if (restarted !== undefined) {
        this.#position = 0;
        this.#inLine = false;
      }
      this.#identity = identity;
      const begin = this.#position;
      const buffer = Buffer.allocUnsafe(Math.min(mostBytes, size - begin));
      const { bytesRead } = await handle.read(buffer, 0, buffer.length, begin);
      const atEnd = begin + bytesRead >= size;
      const taken = this.#take(buffer.subarray(0, bytesRead), isLast && atEnd);
      return { ...taken, more: this.#position > begin && !atEnd, restarted };
    } finally {
      await handle.close();
    }
  }

  async #open(): Promise<OpenLog | undefined> {
    return (await openLog(this.file)) ?? (await openLog(`${this.file}.fail`));
  }

  #take(bytes: Buffer, isLast: boolean): Pick<LogLines, 'lines' | 'update'> {
    const start = this.#position;
    const lines: LogLine[] = [];
    let from = 0;
    const takeTo = (end: number, next: number, isPiece = false): void => {
      const text = shown(bytes.subarray(from, end));
      from = next;
      this.#position = start + next;
      // of a line that was skipped into, nothing is shown; nor is what was given back to the disk
      if (!this.#inLine && !(isPiece && text === '')) lines.push({ text, end: this.#position });
      if (!isPiece) this.#inLine = false;
    };
    for (let end = bytes.indexOf(newline); end >= 0; end = bytes.indexOf(newline, from)) {
      takeTo(end, end + 1);
    }
    while (bytes.length - from > longestLine) takeTo(from + longestLine, from + longestLine, true);
    if (from === bytes.length || this.#inLine) return { lines, update: undefined };
    if (isLast) {
      takeTo(bytes.length, bytes.length);
      return { lines, update: undefined };
    }
    const rest = bytes.subarray(from);
    // the last byte does not count: it may belong to a line end of two
    this.#position += rest.subarray(0, -1).lastIndexOf(carriageReturn) + 1;
    return { lines, update: { text: shown(rest), end: this.#position } };
  }
}

/** A line as a terminal shows it at last: what a carriage return has written over is left out, and so are NULs. */
function shown(bytes: Buffer): string {
  const line = bytes.toString().replaceAll('\0', '').replace(/\r+$/, '');
  return line.slice(line.lastIndexOf('\r') + 1);
}

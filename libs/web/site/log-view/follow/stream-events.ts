import { lineRow, longestPiece, type LogRow } from '../lines/rows.js';

/** An event of a log stream. */
export type StreamEvent =
  /** A line. */
  | { readonly kind: 'row'; readonly log: string; readonly row: LogRow }
  /** The last line as it looks now; it is not complete yet. */
  | { readonly kind: 'rest'; readonly log: string; readonly row: LogRow }
  /** The log that the following events belong to. */
  | { readonly kind: 'log'; readonly log: string; readonly from: number; readonly reason: string }
  /** Lines were skipped; without `bytes`, the log that was followed no longer exists. */
  | { readonly kind: 'lag'; readonly log: string; readonly bytes: number | undefined }
  /** The log was deleted. */
  | { readonly kind: 'gone'; readonly log: string };

/** An event as received. */
export interface RawEvent {
  readonly event?: string | undefined;
  readonly id?: string | undefined;
  readonly data: string;
}

/**
 * Parses the events of a log stream, and keeps track of the place in it. Source: docs/http-api.md, "The log
 * stream".
 */
export class StreamReader {
  #log = '';
  /** Offset after the last line; undefined while it is unknown. */
  #position: number | undefined;
  /** Whether that offset is in the middle of a line. */
  #inLine = false;
  /** The log whose place was lost: no log of this name at the worker is long enough. */
  #lost: string | undefined;

  /** Starts at a place in a log. */
  constructor(log = '', position?: number) {
    this.#log = log;
    this.#position = position;
  }

  /** Where to resume: after the last complete line. */
  get lastId(): string | undefined {
    return this.#position === undefined ? undefined : `${this.#log}:${this.#position}`;
  }

  /** @returns undefined for events without a meaning here */
  read({ event, id = '', data }: RawEvent): StreamEvent | undefined {
    switch (event) {
      case undefined:
      case 'message':
        return this.#line(id, data);
      case 'update': {
        if (this.#position === undefined) return undefined;
        // at least one byte long, so that it has a place
        const end = Math.max(offsetOf(id) ?? 0, this.#position + 1);
        return { kind: 'rest', log: this.#log, row: lineRow(this.#position, end, data, false, this.#inLine) };
      }
      case 'log': {
        const { log, from, reason } = JSON.parse(data) as { log: string; from: number; reason: string };
        const isOther = reason === 'start' && log === this.#lost;
        if (log !== this.#log || from !== this.#position) this.#inLine = false;
        this.#log = log;
        this.#position = from;
        this.#lost = undefined;
        return { kind: 'log', log, from, reason: isOther ? 'replaced' : reason };
      }
      case 'lag': {
        const { log, bytes } = JSON.parse(data) as { log: string; bytes?: number };
        this.#position = undefined;
        this.#inLine = false;
        if (bytes === undefined) this.#lost = log;
        return { kind: 'lag', log, bytes };
      }
      case 'gone':
        return { kind: 'gone', log: this.#log };
      default:
        return undefined;
    }
  }

  #line(id: string, data: string): StreamEvent | undefined {
    const end = offsetOf(id);
    if (end === undefined) return undefined;
    const start = this.#position;
    this.#position = end;
    // after a gap, the start of the first line is unknown: it is read from the log like the lines before it
    if (start === undefined || end <= start) return undefined;
    const continues = this.#inLine;
    this.#inLine = isPiece(data, end - start);
    return { kind: 'row', log: this.#log, row: lineRow(start, end, data, !this.#inLine, continues) };
  }
}

/** Whether a text is a piece of a very long line: it has the length of pieces, and no line end. */
function isPiece(text: string, bytes: number): boolean {
  // a piece ends before a character that would be cut
  if (bytes > longestPiece || bytes <= longestPiece - 4) return false;
  return new TextEncoder().encode(text).length === bytes;
}

function offsetOf(id: string): number | undefined {
  const offset = /:(\d+)$/.exec(id)?.[1];
  return offset === undefined ? undefined : Number(offset);
}

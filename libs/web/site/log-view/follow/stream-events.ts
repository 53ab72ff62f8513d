import { lineRow, longestPiece, type LogRow } from '../lines/rows.js';

/** What the stream of a log tells. */
export type StreamEvent =
  /** A line. */
  | { readonly kind: 'row'; readonly log: string; readonly row: LogRow }
  /** What the last line shows, which is not complete yet. */
  | { readonly kind: 'rest'; readonly log: string; readonly row: LogRow }
  /** Which log follows. */
  | { readonly kind: 'log'; readonly log: string; readonly from: number; readonly reason: string }
  /** Lines were left out; without `bytes` the log that was followed is not there any more. */
  | { readonly kind: 'lag'; readonly log: string; readonly bytes: number | undefined }
  /** The log was deleted. */
  | { readonly kind: 'gone'; readonly log: string };

/** An event as it came. */
export interface RawEvent {
  readonly event?: string | undefined;
  readonly id?: string | undefined;
  readonly data: string;
}

/** Understands the events of a log stream, and knows how far it is. Source: docs/http-api.md, "The log stream". */
export class StreamReader {
  #log = '';
  /** Offset behind the last line; undefined while it is not known. */
  #position: number | undefined;
  /** Whether that is in the middle of a line. */
  #inLine = false;
  /** The log in which the place was lost: the worker knows none of this name that is long enough. */
  #lost: string | undefined;

  /** Begins with a place in a log. */
  constructor(log = '', position?: number) {
    this.#log = log;
    this.#position = position;
  }

  /** What to go on behind: the last line, not what it shows in the meantime. */
  get lastId(): string | undefined {
    return this.#position === undefined ? undefined : `${this.#log}:${this.#position}`;
  }

  /** @returns undefined for what means nothing here */
  read({ event, id = '', data }: RawEvent): StreamEvent | undefined {
    switch (event) {
      case undefined:
      case 'message':
        return this.#line(id, data);
      case 'update': {
        if (this.#position === undefined) return undefined;
        // of at least one byte, so that it is somewhere
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
    // behind a gap it is not known where the first line begins: it is read from the log like what is in front of it
    if (start === undefined || end <= start) return undefined;
    const continues = this.#inLine;
    this.#inLine = isPiece(data, end - start);
    return { kind: 'row', log: this.#log, row: lineRow(start, end, data, !this.#inLine, continues) };
  }
}

/** Whether a text is not a line but a piece of a very long one: it is as long as they are, without a line end. */
function isPiece(text: string, bytes: number): boolean {
  // a piece ends in front of a character that would be cut
  if (bytes > longestPiece || bytes <= longestPiece - 4) return false;
  return new TextEncoder().encode(text).length === bytes;
}

function offsetOf(id: string): number | undefined {
  const offset = /:(\d+)$/.exec(id)?.[1];
  return offset === undefined ? undefined : Number(offset);
}

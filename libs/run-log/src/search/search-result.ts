/** A line with a match. */
export interface LogHit {
  /** Offset of the line in bytes; of a line of more than 64 KiB, that of the piece of it that has the match. */
  offset: number;
  /** The line, or at most 500 characters of it around the match. */
  text: string;
  /** Where in `text` the first match begins and ends, in UTF-16 units. */
  match: [start: number, end: number];
}

/** The result of a search in a log. */
export interface LogSearch {
  hits: LogHit[];
  /** Offset of the end of the searched part: where to continue. */
  end: number;
  /** Bytes that the log had. */
  size: number;
}

/** The pattern of `searchLog`. */
export interface SearchPattern {
  /** A plain text, or an RE2 expression. */
  text: string;
  /** Whether it is an expression. @defaultValue false */
  regex?: boolean | undefined;
  /** Whether upper and lower case differ. @defaultValue false */
  matchCase?: boolean | undefined;
}

/** Which worker is meant. */
export interface AtWorker {
  /** Needed where several workers have the mirror. */
  worker?: string | undefined;
}

/** Which part of a log is read: from one offset to another, in bytes, or its last lines. */
export interface LogRange {
  /** Offset of the first byte. @defaultValue 0 */
  from?: number | undefined;
  /** Offset behind the last byte. @defaultValue the end */
  to?: number | undefined;
  /** The last so many lines, at most 10,000 and 1 MiB; instead of the others. */
  tail?: number | undefined;
}

/** What a log is searched for. */
export interface LogSearch {
  /** At most 500 characters. */
  q: string;
  /** Whether `q` is an RE2 expression. @defaultValue false */
  regex?: boolean | undefined;
  /** Whether upper and lower case differ. @defaultValue false */
  case?: boolean | undefined;
  /** Offset of the line to begin with. @defaultValue 0 */
  from?: number | undefined;
  /** The most lines that are answered, up to 1,000. @defaultValue 100 */
  limit?: number | undefined;
}

/** Where a log is followed from. */
export interface LogFollowing {
  /** Lines that come first, up to 10,000. @defaultValue 100 */
  tail?: number | undefined;
  /** Instead of `tail`: the log, without `.fail`, and the offset behind the last line that is known. */
  after?: { log: string; offset: number } | undefined;
}

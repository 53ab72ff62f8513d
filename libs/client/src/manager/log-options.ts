/** Selects a worker. */
export interface AtWorker {
  /** Id of the worker. Required when several workers have the mirror. */
  worker?: string | undefined;
}

/** The part of a log to read: from one offset to another, in bytes, or its last lines. */
export interface LogRange {
  /** Offset of the first byte. @defaultValue 0 */
  from?: number | undefined;
  /** Offset after the last byte. @defaultValue the end */
  to?: number | undefined;
  /** The last N lines, at most 10,000 and 1 MiB. Excludes the other options. */
  tail?: number | undefined;
}

/** The search for a text in a log. */
export interface LogSearch {
  /** The text or expression to search for, at most 500 characters. */
  q: string;
  /** Whether `q` is an RE2 expression. @defaultValue false */
  regex?: boolean | undefined;
  /** Whether upper and lower case differ. @defaultValue false */
  case?: boolean | undefined;
  /** Offset of the first line to search. @defaultValue 0 */
  from?: number | undefined;
  /** The maximum number of lines to return, up to 1,000. @defaultValue 100 */
  limit?: number | undefined;
}

/** The place from which a log is followed. */
export interface LogFollowing {
  /** Number of existing lines to send first, up to 10,000. @defaultValue 100 */
  tail?: number | undefined;
  /**
   * Instead of `tail`: the name of the log, without `.fail`, and the offset after the last line that is already
   * known.
   */
  after?: { log: string; offset: number } | undefined;
}

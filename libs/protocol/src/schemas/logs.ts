import { z } from 'zod';
import { queryFlag, wholeNumber } from './query-values.js';
import { wireTimeSchema } from './status.js';

/** Maximum length of a search text, in characters. */
export const longestSearch = 500;
/** Maximum value of `?tail=`. */
export const maxTailLines = 10_000;
/** Maximum number of matching lines of one search. */
export const maxSearchHits = 1000;
/** Number of lines with which a log stream begins by default. */
export const defaultReplayLines = 100;

const lookFor = `expected what to look for, at most ${longestSearch} characters`;

const offset = wholeNumber(0, Number.MAX_SAFE_INTEGER).optional();

/** A log of a mirror. */
export const logFileSchema = z.object({
  /** File name. */
  name: z.string(),
  /** Bytes. */
  size: z.number().int().nonnegative(),
  /** Start of the attempt, to the minute. */
  started: wireTimeSchema,
  /** Last change. */
  time: wireTimeSchema,
  /** Whether the attempt failed. */
  failed: z.boolean(),
  /** Whether the log is being written; absent: no. */
  live: z.boolean().optional(),
  /** For the log that is being written: id of the run. */
  run: z.string().optional(),
  /** For the log that is being written: number of the attempt, from 1. */
  attempt: z.number().int().optional(),
  /**
   * Offsets of the parts that were removed (`log_max_size`): first byte, and the byte after the last one. Absent:
   * none.
   */
  holes: z.array(z.tuple([z.number().int(), z.number().int()])).optional(),
});
/** A log of a mirror. */
export type LogFile = z.infer<typeof logFileSchema>;

/** `GET /jobs/:name/logs`: newest first. */
export const logListSchema = z.object({ logs: z.array(logFileSchema) });

/** Query of `GET /jobs/:name/logs/:log`. */
export const logReadQuerySchema = z
  .object({
    /** Offset of the first byte. */
    from: offset,
    /** Offset after the last byte. */
    to: offset,
    /** Number of lines at the end. */
    tail: wholeNumber(1, maxTailLines).optional(),
  })
  .refine(({ from, to, tail }) => tail === undefined || (from === undefined && to === undefined), {
    path: ['tail'],
    error: 'expected either tail or from and to',
  })
  .refine(({ from = 0, to }) => to === undefined || to >= from, {
    path: ['to'],
    error: 'expected an offset that is not before from',
  });

/** Query of `GET /jobs/:name/logs/:log/search`. */
export const logSearchQuerySchema = z.object({
  /** Search text. */
  q: z.string({ error: lookFor }).min(1, { error: lookFor }).max(longestSearch, { error: lookFor }),
  /** Whether `q` is an RE2 expression. */
  regex: queryFlag,
  /** Whether upper and lower case differ. */
  case: queryFlag,
  /** Offset of the first line to search. */
  from: offset.transform((value) => value ?? 0),
  /** Maximum number of lines in the reply. */
  limit: wholeNumber(1, maxSearchHits)
    .optional()
    .transform((value) => value ?? 100),
});

/** Result of a search in a log. */
export const logSearchSchema = z.object({
  hits: z.array(
    z.object({
      /** Of the line, in bytes. */
      offset: z.number().int().nonnegative(),
      /** The line, or 500 characters of it around the match. */
      text: z.string(),
      /** Start and end of the match in `text`, in UTF-16 units. */
      match: z.tuple([z.number().int(), z.number().int()]),
    }),
  ),
  /** Offset at which the search ended, in bytes. */
  end: z.number().int().nonnegative(),
  /** Size of the log, in bytes. */
  size: z.number().int().nonnegative(),
  /** Whether the whole log was searched. Otherwise search again with `from` = `end`. */
  complete: z.boolean(),
});
/** Result of a search in a log. */
export type LogSearchReply = z.infer<typeof logSearchSchema>;

/** Query of `GET /jobs/:name/log/stream`. */
export const logStreamQuerySchema = z.object({
  /** Number of existing lines that come first. */
  tail: wholeNumber(0, maxTailLines)
    .optional()
    .transform((value) => value ?? defaultReplayLines),
  /** Start position in the form of an event id: `<log>:<offset>`. A `Last-Event-ID` takes precedence. */
  from: z
    .string()
    .regex(/^[^:].*:\d{1,15}$/u, { error: 'expected <log>:<offset>' })
    .optional(),
});

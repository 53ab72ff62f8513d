import { z } from 'zod';
import { queryFlag, wholeNumber } from './query-values.js';
import { wireTimeSchema } from './status.js';

/** The longest text that a log is searched for, in characters. */
export const longestSearch = 500;
/** The most lines that `?tail=` gives. */
export const maxTailLines = 10_000;
/** The most lines with a match that one search gives. */
export const maxSearchHits = 1000;
/** Lines that a log stream begins with when nothing is asked for. */
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
  /** Whether it is marked as that of a failed attempt. */
  failed: z.boolean(),
  /** Whether it is being written; absent: no. */
  live: z.boolean().optional(),
  /** Of a log that is being written: id of the run. */
  run: z.string().optional(),
  /** Of a log that is being written: number of the attempt, from 1. */
  attempt: z.number().int().optional(),
  /** Offsets of what was cut out of it (`log_max_size`): first byte, and the one behind the last. Absent: nothing. */
  holes: z.array(z.tuple([z.number().int(), z.number().int()])).optional(),
});
/** A log of a mirror. */
export type LogFile = z.infer<typeof logFileSchema>;

/** `GET /jobs/:name/logs`: newest first. */
export const logListSchema = z.object({ logs: z.array(logFileSchema) });

/** What may follow the `?` of `GET /jobs/:name/logs/:log`. */
export const logReadQuerySchema = z
  .object({
    /** Offset of the first byte. */
    from: offset,
    /** Offset behind the last byte. */
    to: offset,
    /** The last so many lines. */
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

/** What may follow the `?` of `GET /jobs/:name/logs/:log/search`. */
export const logSearchQuerySchema = z.object({
  /** What to look for. */
  q: z.string({ error: lookFor }).min(1, { error: lookFor }).max(longestSearch, { error: lookFor }),
  /** Whether `q` is an RE2 expression. */
  regex: queryFlag,
  /** Whether upper and lower case differ. */
  case: queryFlag,
  /** Offset of the line to begin with. */
  from: offset.transform((value) => value ?? 0),
  /** The most lines that are answered. */
  limit: wholeNumber(1, maxSearchHits)
    .optional()
    .transform((value) => value ?? 100),
});

/** Lines of a log with a match. */
export const logSearchSchema = z.object({
  hits: z.array(
    z.object({
      /** Of the line, in bytes. */
      offset: z.number().int().nonnegative(),
      /** The line, or 500 characters of it around the match. */
      text: z.string(),
      /** Where in `text` the match begins and ends, in UTF-16 units. */
      match: z.tuple([z.number().int(), z.number().int()]),
    }),
  ),
  /** As far as was searched, in bytes. */
  end: z.number().int().nonnegative(),
  /** Of the log, in bytes. */
  size: z.number().int().nonnegative(),
  /** Whether all of the log was searched; else search again with `from` = `end`. */
  complete: z.boolean(),
});
/** Lines of a log with a match. */
export type LogSearchReply = z.infer<typeof logSearchSchema>;

/** What may follow the `?` of `GET /jobs/:name/log/stream`. */
export const logStreamQuerySchema = z.object({
  /** Lines that come first. */
  tail: wholeNumber(0, maxTailLines)
    .optional()
    .transform((value) => value ?? defaultReplayLines),
  /** Where to begin instead, as the id of an event has it: `<log>:<offset>`. A `Last-Event-ID` goes before. */
  from: z
    .string()
    .regex(/^[^:].*:\d{1,15}$/u, { error: 'expected <log>:<offset>' })
    .optional(),
});

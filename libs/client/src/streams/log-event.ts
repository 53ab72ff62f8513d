import type { EventSourceMessage } from 'eventsource-parser';
import { z } from 'zod';
import { BadReplyError } from '../request/errors.js';
import { readEvent } from './read-event.js';

export { maxTailLines } from '@tunasync/protocol';

/** The reasons for which a log is followed. */
const reasons = ['start', 'resume', 'next', 'truncated', 'replaced'] as const;

/** An event of a followed log. Source: docs/http-api.md, "The log stream". */
export type LogEvent =
  /** A line, without its line end. */
  | { type: 'line'; text: string; log: string; /** Offset after the line, in bytes. */ offset: number }
  /** The current text of the last line, which is not complete yet. */
  | { type: 'update'; text: string }
  /** The log that is followed from now on, the first offset, and the reason. `next` is the log of a new attempt. */
  | { type: 'log'; log: string; from: number; reason: (typeof reasons)[number] }
  /** N bytes were skipped because the reader was too slow. Without `bytes`: the previous log no longer exists. */
  | { type: 'lag'; log: string; bytes?: number | undefined }
  /** The log was deleted; the stream waits for the next one. */
  | { type: 'gone'; log: string }
  /** The server ends the stream; the client reopens it. */
  | { type: 'end'; reason: string };

const schemas = {
  log: z.object({
    log: z.string(),
    from: z.number(),
    // treat a reason of a later version as a resumed log
    reason: z.enum(reasons).catch('resume'),
  }),
  lag: z.object({ log: z.string(), bytes: z.number().optional() }),
  gone: z.object({ log: z.string() }),
  end: z.object({ reason: z.string() }),
};

/** Reads an event; returns undefined for a kind of a later version. @throws BadReplyError */
export function logEvent(
  address: string,
  { event = 'message', id = '', data }: EventSourceMessage,
): LogEvent | undefined {
  if (event === 'message') {
    const [, log = '', offset = ''] = /^(.*):(\d{1,15})$/s.exec(id) ?? [];
    if (offset === '') throw new BadReplyError(address, 'id of a line: expected <log>:<offset>');
    return { type: 'line', text: data, log, offset: Number(offset) };
  }
  if (event === 'update') return { type: 'update', text: data };
  if (!Object.hasOwn(schemas, event)) return undefined;
  const type = event as keyof typeof schemas;
  return { type, ...readEvent<object>(address, type, data, schemas[type]) } as LogEvent;
}

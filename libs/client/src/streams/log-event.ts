import type { EventSourceMessage } from 'eventsource-parser';
import { z } from 'zod';
import { BadReplyError } from '../request/errors.js';
import { readEvent } from './read-event.js';

export { maxTailLines } from '@tunasync/protocol';

/** Why a log is followed. */
const reasons = ['start', 'resume', 'next', 'truncated', 'replaced'] as const;

/** What comes of a log that is followed. Source: docs/http-api.md, "The log stream". */
export type LogEvent =
  /** A line, without its end. */
  | { type: 'line'; text: string; log: string; /** Behind the line, in bytes. */ offset: number }
  /** What the last line shows, which is not complete yet. */
  | { type: 'update'; text: string }
  /** Which log follows, from which offset, and why: `next` is that of a new attempt. */
  | { type: 'log'; log: string; from: number; reason: (typeof reasons)[number] }
  /** So many bytes were left out, as they were not taken in time; without `bytes`: the log where this began is gone. */
  | { type: 'lag'; log: string; bytes?: number | undefined }
  /** The log was deleted; the next one is waited for. */
  | { type: 'gone'; log: string }
  /** The stream ends; it is opened again. */
  | { type: 'end'; reason: string };

const schemas = {
  log: z.object({
    log: z.string(),
    from: z.number(),
    // a reason that came later is one to go on from there
    reason: z.enum(reasons).catch('resume'),
  }),
  lag: z.object({ log: z.string(), bytes: z.number().optional() }),
  gone: z.object({ log: z.string() }),
  end: z.object({ reason: z.string() }),
};

/** Undefined for an event of a kind that came later. @throws BadReplyError */
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

import { readBytes } from '@tunasync/util';
import type { StreamReply } from '../request/connection.js';
import { BadReplyError } from '../request/errors.js';

/** A part of a log, received while it is read. Read it once, or close it. */
export interface LogPart extends AsyncIterable<Uint8Array> {
  /** Offset of its first byte. */
  readonly start: number;
  /** Offset after its last byte. */
  readonly end: number;
  /** Size of the whole log, in bytes. */
  readonly size: number;
  /** Reads the whole part. Rejects with `CLIENT_BAD_REPLY` when more bytes arrive than were announced. */
  bytes: () => Promise<Uint8Array>;
  /** Discards the rest and closes the connection. */
  close: () => void;
}

/** Reads the position of a part from the headers. @throws BadReplyError when the answer lacks it */
export function logPart(address: string, { headers, body, close }: StreamReply): LogPart {
  const number = (name: string): number => {
    const text = headers[name];
    if (typeof text === 'string' && /^\d{1,15}$/.test(text)) return Number(text);
    close();
    throw new BadReplyError(address, `no ${name}`);
  };
  const start = number('x-log-start');
  const end = number('x-log-end');
  return {
    start,
    end,
    size: number('x-log-size'),
    [Symbol.asyncIterator]: () => body[Symbol.asyncIterator](),
    bytes: async () => {
      const { bytes, complete } = await readBytes(body, end - start);
      if (!complete) throw new BadReplyError(address, `more than ${end - start} bytes`);
      return bytes;
    },
    close,
  };
}

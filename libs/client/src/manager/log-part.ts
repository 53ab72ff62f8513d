import { readBytes } from '@tunasync/util';
import type { StreamReply } from '../request/connection.js';
import { BadReplyError } from '../request/errors.js';

/** A part of a log, which comes while it is read. To be read once, or closed. */
export interface LogPart extends AsyncIterable<Uint8Array> {
  /** Offset of its first byte. */
  readonly start: number;
  /** Offset behind its last byte. */
  readonly end: number;
  /** Size of the whole log, in bytes. */
  readonly size: number;
  /** All of it. Rejects with a `CLIENT_BAD_REPLY` when more comes than was said. */
  bytes: () => Promise<Uint8Array>;
  /** Gives up what is still to come. */
  close: () => void;
}

/** @throws BadReplyError when the answer does not say what part it is */
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

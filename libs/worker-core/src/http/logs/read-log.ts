import type { IncomingMessage } from 'node:http';
import { pipeline } from 'node:stream/promises';
import type { logReadQuerySchema } from '@tunasync/protocol';
import { findHole, readLogEnd, type LogHole, type OpenLog } from '@tunasync/run-log';
import type { z } from 'zod';
import { findLog } from './find-log.js';
import type { LogRequest } from './log-request.js';
import { parseRange, type ByteRange } from './parse-range.js';
import { RequestError } from './request-error.js';

type Given = LogRequest<z.output<typeof logReadQuerySchema>>;

/** Most answers at a time: each has a file open. */
const mostReads = 500;

/** Sends logs, a limited number at a time. */
export class LogReads {
  #running = 0;

  async serve(given: Given): Promise<void> {
    if (this.#running >= mostReads) {
      throw new RequestError('SERVER_BUSY', `${mostReads} logs are read: try again later`);
    }
    this.#running += 1;
    try {
      await readLog(given);
    } finally {
      this.#running -= 1;
    }
  }
}

/**
 * Sends a log of any size or a part of it, as it is on the disk, except for the bytes of its middle that were
 * returned to the disk.
 */
async function readLog(given: Given): Promise<void> {
  const { request, response, job, log, query } = given;
  const opened = await findLog(job.logDir, job.name, log);
  const { size } = opened;
  try {
    if (query.tail !== undefined) {
      const { bytes, start } = await readLogEnd(opened, query.tail);
      const range = { start, end: start + bytes.length };
      response.writeHead(200, { ...headers(range, size), 'content-length': bytes.length });
      response.end(bytes);
      return;
    }
    await sendParts(given, opened, partsOf(request, query, size, await findHole(opened.handle, opened)));
  } catch (error) {
    if (error instanceof RequestError && error.code === 'RANGE_INVALID')
      response.setHeader('content-range', `bytes */${size}`);
    throw error;
  } finally {
    await opened.handle.close();
  }
}

/** The parts of a log that are sent. */
interface Parts {
  status: 200 | 206;
  /** From the first byte to the last one. */
  range: ByteRange;
  /** The gap within `range`, which is not sent. */
  hole: LogHole | undefined;
}

async function sendParts({ request, response }: Given, log: OpenLog, asked: Parts): Promise<void> {
  const { range, hole, status } = asked;
  const parts = hole === undefined ? [range] : without(range, hole);
  const length = parts.reduce((sum, { start, end }) => sum + end - start, 0);
  const contentRange = `bytes ${range.start}-${range.end - 1}/${log.size}`;
  response.writeHead(status, {
    ...headers(range, log.size),
    'content-length': length,
    // offsets in the answer differ from those in the log
    ...(hole === undefined
      ? { 'accept-ranges': 'bytes' }
      : { 'accept-ranges': 'none', 'x-log-hole': `${hole.start}-${hole.end}` }),
    ...(status === 206 ? { 'content-range': contentRange } : {}),
  });
  if (request.method !== 'HEAD' && length > 0) {
    await pipeline(bytesOf(log, parts), response, { end: false });
    if (response.destroyed) return;
  }
  response.end();
}

/** Bytes per read. */
const chunkBytes = 1 << 16;

/**
 * Yields the bytes of parts of a log. Fails when the log became shorter, so that the answer does not look
 * complete.
 */
async function* bytesOf({ handle }: OpenLog, parts: readonly ByteRange[]): AsyncGenerator<Buffer> {
  for (const { start, end } of parts) {
    for (let at = start; at < end;) {
      const chunk = Buffer.allocUnsafe(Math.min(chunkBytes, end - at));
      const { bytesRead } = await handle.read(chunk, 0, chunk.length, at);
      if (bytesRead === 0) throw new RequestError('LOG_UNKNOWN', 'the log became shorter while it was sent');
      at += bytesRead;
      yield chunk.subarray(0, bytesRead);
    }
  }
}

function without({ start, end }: ByteRange, hole: LogHole): ByteRange[] {
  return [
    { start, end: hole.start },
    { start: hole.end, end },
  ];
}

function partsOf(
  { headers }: IncomingMessage,
  { from, to }: Given['query'],
  size: number,
  hole: LogHole | undefined,
): Parts {
  if (from === undefined && to === undefined) {
    // no If-Range can match, as logs have no validators: the client wants the whole log
    const asked = headers['if-range'] === undefined ? parseRange(headers.range, size) : undefined;
    if (asked === undefined) return { status: 200, range: { start: 0, end: size }, hole };
    const range = besides(asked, hole);
    if (range.start < range.end) return { status: 206, range, hole: undefined };
    throw new RequestError(
      'RANGE_INVALID',
      `Range: the log has nothing there: it was cut out (log_max_size)`,
    );
  }
  const start = from ?? 0;
  if (start > size) throw new RequestError('RANGE_INVALID', `from: the log has ${size} bytes`);
  const range = besides({ start, end: Math.min(to ?? size, size) }, hole);
  return { status: 200, range, hole: undefined };
}

/** Limits a part to the bytes before a hole; a part that begins inside the hole starts after it. */
function besides({ start, end }: ByteRange, hole: LogHole | undefined): ByteRange {
  if (hole === undefined || end <= hole.start || start >= hole.end) return { start, end };
  if (start < hole.start) return { start, end: hole.start };
  return { start: hole.end, end: Math.max(end, hole.end) };
}

function headers({ start, end }: ByteRange, size: number): Record<string, string | number> {
  return {
    'content-type': 'text/plain; charset=utf-8',
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
    'x-log-start': start,
    'x-log-end': end,
    'x-log-size': size,
  };
}

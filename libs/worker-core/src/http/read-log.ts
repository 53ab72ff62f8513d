import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import type { logReadQuerySchema } from '@tunasync/protocol';
import { readLogTail } from '@tunasync/run-log';
import type { z } from 'zod';
import { findLog, noSuchLog } from './find-log.js';
import { HttpError } from './http-error.js';
import type { JobRequest } from './job-api.js';
import { openLog } from './open-log.js';
import { parseRange, type ByteRange } from './parse-range.js';

type Given = JobRequest<z.output<typeof logReadQuerySchema>>;

/** Sends a log or a part of it, whatever its size, as it is on the disk. */
export async function readLog({ request, response, job, log, query }: Given): Promise<void> {
  const file = await findLog(job.logDir, job.name, log);
  const opened = await openLog(file);
  if (opened === undefined) throw noSuchLog(job.name, log);
  const { handle, size } = opened;
  try {
    if (query.tail !== undefined) {
      const { text, start, end, size } = await readLogTail(file, query.tail);
      const body = Buffer.from(text);
      response.writeHead(200, { ...headers({ start, end }, size), 'content-length': body.length });
      response.end(body);
      return;
    }
    const { status, ...range } = rangeOf(request, query, size);
    const contentRange = `bytes ${range.start}-${range.end - 1}/${size}`;
    response.writeHead(status, {
      ...headers(range, size),
      'accept-ranges': 'bytes',
      'content-length': range.end - range.start,
      ...(status === 206 ? { 'content-range': contentRange } : {}),
    });
    if (request.method === 'HEAD' || range.start === range.end) response.end();
    else
      await sendBytes(handle.createReadStream({ start: range.start, end: range.end - 1 }), response, range);
  } catch (error) {
    if (error instanceof HttpError && error.code === 'RANGE_INVALID')
      response.setHeader('content-range', `bytes */${size}`);
    throw error;
  } finally {
    await handle.close();
  }
}

async function sendBytes(
  bytes: NodeJS.ReadableStream & { bytesRead: number },
  response: ServerResponse,
  { start, end }: ByteRange,
): Promise<void> {
  await pipeline(bytes, response, { end: false });
  // a log that became shorter meanwhile must not look complete
  if (bytes.bytesRead === end - start) response.end();
  else response.destroy();
}

function rangeOf(
  { headers }: IncomingMessage,
  { from, to }: Given['query'],
  size: number,
): ByteRange & { status: 200 | 206 } {
  if (from === undefined && to === undefined) {
    // what If-Range names cannot be one of ours: whoever sends it wants the whole
    const asked = headers['if-range'] === undefined ? parseRange(headers.range, size) : undefined;
    return asked === undefined ? { start: 0, end: size, status: 200 } : { ...asked, status: 206 };
  }
  const start = from ?? 0;
  if (start > size) throw new HttpError('RANGE_INVALID', `from: the log has ${size} bytes`);
  return { start, end: Math.min(to ?? size, size), status: 200 };
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

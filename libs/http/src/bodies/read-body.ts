import type { IncomingMessage } from 'node:http';
import { HttpError } from '../errors/http-error.js';

/** A body that is too large is read up to this multiple of the limit before the connection is cut. */
const drainFactor = 16;

/**
 * Reads the body of a request as UTF-8.
 *
 * A body beyond the limit rejects immediately, so that the answer goes out. Further bytes are read and dropped for a
 * while, because many clients read the answer only after they have sent everything.
 *
 * @param limit - bytes
 * @throws HttpError `BODY_TOO_LARGE`, `BODY_ENCODED`, or `BODY_INVALID` when the client disconnects
 */
export function readBody(request: IncomingMessage, limit: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const encoding = request.headers['content-encoding'];
    const length = Number(request.headers['content-length'] ?? 0);
    let first: Buffer | undefined;
    let chunks: Buffer[] | undefined;
    let size = 0;
    let done = false;
    const refuse = (error: HttpError): void => {
      done = true;
      first = chunks = undefined;
      reject(error);
    };
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (done) {
        if (size > limit * drainFactor) request.destroy();
        return;
      }
      if (size > limit) {
        refuse(tooLarge(limit));
        return;
      }
      if (first === undefined) first = chunk;
      else (chunks ??= [first]).push(chunk);
    });
    request.on('end', () => {
      if (!done) resolve((chunks === undefined ? first : Buffer.concat(chunks))?.toString() ?? '');
      done = true;
    });
    const gone = (): void => {
      if (!done) refuse(new HttpError('BODY_INVALID', 'the request ended before its body was complete'));
    };
    request.on('error', gone);
    request.on('aborted', gone);
    if (encoding !== undefined && encoding !== 'identity') {
      refuse(new HttpError('BODY_ENCODED', 'Content-Encoding: expected none'));
    } else if (length > limit) {
      refuse(tooLarge(limit));
    }
  });
}

function tooLarge(limit: number): HttpError {
  return new HttpError('BODY_TOO_LARGE', `the body is too large: at most ${limit} bytes are accepted`);
}

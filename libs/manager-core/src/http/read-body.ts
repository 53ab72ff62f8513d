import type { IncomingMessage } from 'node:http';
import { ManagerError } from '../errors.js';

/** How much of a body that is too large is taken in before the connection is cut, as a multiple of the limit. */
const drainFactor = 16;

/**
 * Reads a request's body.
 *
 * A body beyond the limit rejects at once, so that the answer goes out; what still comes is dropped for a while,
 * as many clients read the answer only after they have sent everything.
 *
 * @param limit - bytes
 * @throws ManagerError `BODY_TOO_LARGE`, `BODY_ENCODED`; rejects with `BODY_INVALID` when the client goes away
 */
export function readBody(request: IncomingMessage, limit: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const encoding = request.headers['content-encoding'];
    const length = Number(request.headers['content-length'] ?? 0);
    let first: Buffer | undefined;
    let chunks: Buffer[] | undefined;
    let size = 0;
    let done = false;
    const refuse = (error: ManagerError): void => {
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
      if (!done) refuse(new ManagerError('BODY_INVALID', 'the request ended before its body was complete'));
    };
    request.on('error', gone);
    request.on('aborted', gone);
    if (encoding !== undefined && encoding !== 'identity') {
      refuse(new ManagerError('BODY_ENCODED', 'Content-Encoding: expected none'));
    } else if (length > limit) {
      refuse(tooLarge(limit));
    }
  });
}

function tooLarge(limit: number): ManagerError {
  return new ManagerError('BODY_TOO_LARGE', `the body is too large: at most ${limit} bytes are accepted`);
}

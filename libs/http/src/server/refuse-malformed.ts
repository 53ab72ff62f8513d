import { STATUS_CODES, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { ErrorText } from '../replies/send-error.js';

/** Status and message for error codes of Node's HTTP server. Source: Node's documentation of `http`. */
const known: Readonly<Record<string, readonly [status: number, message: string]>> = {
  HPE_HEADER_OVERFLOW: [431, 'the request line and headers are too large'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'the request did not come in time'],
};

/**
 * Answers a connection on which something else than an HTTP request came, and closes it. An answer that is running there
 * is finished first if its request is complete, and cut off otherwise.
 *
 * @param running - the answer that is being sent on the connection
 */
export function refuseMalformed(
  error: Error & { code?: string },
  socket: Duplex,
  running: ServerResponse | undefined,
  errorText: ErrorText,
): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  if (running?.req.complete === true) {
    running.shouldKeepAlive = false;
    running.once('close', () => socket.end());
    return;
  }
  if (running?.headersSent === true) {
    socket.destroy();
    return;
  }
  const [status, message] = known[error.code ?? ''] ?? [400, 'this is not an HTTP request'];
  const body = errorText(message);
  socket.end(
    [
      `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
      'Content-Type: application/json; charset=utf-8',
      `Content-Length: ${Buffer.byteLength(body)}`,
      'Connection: close',
      '',
      body,
    ].join('\r\n'),
  );
}

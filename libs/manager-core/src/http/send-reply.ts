import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { Logger } from '@tunasync/logger';
import { messageOf, TunasyncError } from '@tunasync/protocol';
import { ManagerError } from '../errors.js';
import type { Reply } from '../handlers.js';
import type { EncodedBody } from './encoded-body.js';

/** An error may quote what somebody sent: no browser is to take it for anything else. */
const jsonHeaders = {
  'content-type': 'application/json; charset=utf-8',
  'x-content-type-options': 'nosniff',
};
const encodedHeaders = { ...jsonHeaders, 'cache-control': 'no-cache' };

/** Answers a request with what its handler replied. */
export function sendReply(
  request: IncomingMessage,
  response: ServerResponse,
  reply: Reply,
): void | Promise<void> {
  if ('respond' in reply) return reply.respond(request, response);
  if ('encoded' in reply) return sendEncoded(request, response, reply.encoded, encodedHeaders);
  sendJson(response, 200, 'json' in reply ? reply.json : JSON.stringify(reply.value));
}

/** Answers with JSON text. */
export function sendJson(response: ServerResponse, status: number, json: string): void {
  response.writeHead(status, { ...jsonHeaders, 'content-length': Buffer.byteLength(json) });
  response.end(json);
}

/**
 * Answers with a body that is kept encoded, or with 304 when the client has it.
 *
 * @param headers - of both answers
 */
export async function sendEncoded(
  request: IncomingMessage,
  response: ServerResponse,
  body: EncodedBody,
  headers: OutgoingHttpHeaders,
): Promise<void> {
  const common = { ...headers, etag: body.etag, vary: 'accept-encoding' };
  if (isCurrent(request.headers['if-none-match'], body.etag)) {
    response.writeHead(304, common).end();
    return;
  }
  const { bytes, coding } = await body.representation(request.headers['accept-encoding']);
  const encoding = coding === undefined ? {} : { 'content-encoding': coding };
  response.writeHead(200, { ...common, ...encoding, 'content-length': bytes.length });
  response.end(bytes);
}

/** Source: RFC 9110, 13.1.2; the comparison is weak, and our tags hold no comma. */
function isCurrent(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  const opaque = (tag: string): string => tag.trim().replace(/^W\//, '');
  return ifNoneMatch.split(',').some((tag) => tag.trim() === '*' || opaque(tag) === opaque(etag));
}

/** Answers with an error; what nobody foresaw is told to the log only. */
export function sendError(
  request: IncomingMessage,
  response: ServerResponse,
  error: unknown,
  logger: Logger,
): void {
  const { status, message } = explain(error);
  const what = `${request.method ?? ''} ${request.url ?? ''}`;
  // a ManagerError is what somebody asked for in vain, whatever status the original has for it
  if (status === 500 && !(error instanceof ManagerError)) {
    const stack = error instanceof Error ? error.stack : undefined;
    logger.error(`${what}: ${messageOf(error)}`, stack === undefined ? {} : { stack });
  } else {
    logger.debug(`${what}: ${status} ${message}`);
  }
  if (response.headersSent) {
    response.destroy();
    return;
  }
  // what is left of the body cannot be told from a next request
  if (!request.complete) response.setHeader('connection', 'close');
  sendJson(response, status, JSON.stringify({ error: message }));
}

function explain(error: unknown): { status: number; message: string } {
  if (error instanceof TunasyncError) return { status: error.status, message: messageOf(error) };
  if (error instanceof URIError) return explain(pathError());
  return { status: 500, message: 'internal error' };
}

/** The error of a path that cannot be decoded. */
export function pathError(): ManagerError {
  return new ManagerError('PATH_INVALID', 'the path is not percent-encoded UTF-8');
}

import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { EncodedBody } from './encoded-body.js';
import { sendEncoded } from './send-encoded.js';
import { jsonHeaders, sendJson } from './send-json.js';

/**
 * The answer of a handler: a value to encode as JSON, JSON text, a body that is kept encoded, or a function that
 * answers the request itself and rejects only while it has sent nothing.
 */
export type Reply =
  | { value: unknown }
  | { json: string }
  | { encoded: EncodedBody }
  | { respond: (request: IncomingMessage, response: ServerResponse) => Promise<void> };

const encodedHeaders = { ...jsonHeaders, 'cache-control': 'no-cache' };

/**
 * Sends the reply of a handler, with status 200.
 *
 * @param headers - of answers to `value` and `json`
 */
export function sendReply(
  request: IncomingMessage,
  response: ServerResponse,
  reply: Reply,
  headers?: OutgoingHttpHeaders,
): void | Promise<void> {
  if ('respond' in reply) return reply.respond(request, response);
  if ('encoded' in reply) return sendEncoded(request, response, reply.encoded, encodedHeaders);
  sendJson(response, 200, 'json' in reply ? reply.json : JSON.stringify(reply.value), headers);
}

import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { EncodedBody } from './encoded-body.js';

/**
 * Answers with a body that is kept encoded, or with 304 when the client has it already.
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

/** Source: RFC 9110, 13.1.2. The comparison is weak, and our tags contain no comma. */
function isCurrent(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  const opaque = (tag: string): string => tag.trim().replace(/^W\//, '');
  return ifNoneMatch.split(',').some((tag) => tag.trim() === '*' || opaque(tag) === opaque(etag));
}

import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';

/** Headers of every JSON answer: it may quote its sender, and no browser may take it for something else. */
export const jsonHeaders = {
  'content-type': 'application/json; charset=utf-8',
  'x-content-type-options': 'nosniff',
} as const;

/** Answers with JSON text. */
export function sendJson(
  response: ServerResponse,
  status: number,
  json: string,
  headers?: OutgoingHttpHeaders,
): void {
  response.writeHead(status, { ...jsonHeaders, ...headers, 'content-length': Buffer.byteLength(json) });
  response.end(json);
}

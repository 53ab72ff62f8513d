import { createServer, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';

/** A request as the manager received it. */
export interface SeenRequest {
  method: string;
  path: string;
  body: string;
  lastEventId: string | undefined;
}

/** An answer of the manager. */
export interface StubAnswer {
  status?: number;
  body?: unknown;
  headers?: Record<string, string | number>;
  /** Writes the body itself, after the headers. */
  respond?: (response: ServerResponse) => void;
}

/** A manager on loopback whose answers the test gives. */
export interface StubManager extends AsyncDisposable {
  port: number;
  seen: SeenRequest[];
  answer: (request: SeenRequest) => StubAnswer;
}

/** Starts a manager. A body that is a string is sent unchanged, any other body as JSON. */
export async function stubManager(
  answer: StubManager['answer'],
  tls?: { cert: string; key: string },
): Promise<StubManager> {
  const listener: Parameters<typeof createServer>[1] = (request, response) => {
    let body = '';
    request.setEncoding('utf8');
    request.on('data', (chunk: string) => (body += chunk));
    request.on('end', () => {
      const lastEventId = request.headers['last-event-id'] as string | undefined;
      const seen = { method: request.method!, path: request.url!, body, lastEventId };
      stub.seen.push(seen);
      const { status = 200, body: reply, headers, respond } = stub.answer(seen);
      response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers });
      if (respond !== undefined) {
        response.flushHeaders();
        respond(response);
        return;
      }
      response.end(typeof reply === 'string' ? reply : JSON.stringify(reply));
    });
  };
  const server = tls === undefined ? createServer(listener) : createTlsServer(tls, listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const stub: StubManager = {
    port: (server.address() as AddressInfo).port,
    seen: [],
    answer,
    [Symbol.asyncDispose]: () =>
      new Promise<void>((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
  return stub;
}

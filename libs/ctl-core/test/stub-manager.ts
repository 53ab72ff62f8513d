import { createServer, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';

/** A request as the manager saw it. */
export interface SeenRequest {
  method: string;
  path: string;
  body: string;
  lastEventId: string | undefined;
}

/** What the manager answers. */
export interface StubAnswer {
  status?: number;
  body?: unknown;
  headers?: Record<string, string | number>;
  /** Answers itself, after the head. */
  respond?: (response: ServerResponse) => void;
}

/** A manager on loopback that answers what the test says. */
export interface StubManager extends AsyncDisposable {
  port: number;
  seen: SeenRequest[];
  answer: (request: SeenRequest) => StubAnswer;
}

/** Starts one. A body that is a string is sent as it is, anything else as JSON. */
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

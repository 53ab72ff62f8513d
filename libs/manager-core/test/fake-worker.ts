import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A worker's server on loopback with an answer that the test provides. */
export interface FakeWorker extends AsyncDisposable {
  readonly url: string;
  /** Requests such as `GET /jobs/a/logs`, oldest first. */
  readonly asked: string[];
  readonly last: () => IncomingMessage | undefined;
}

export async function fakeWorker(listener: RequestListener): Promise<FakeWorker> {
  const asked: string[] = [];
  let last: IncomingMessage | undefined;
  const server = createServer((request, response) => {
    asked.push(`${request.method ?? ''} ${request.url ?? ''}`);
    last = request;
    listener(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    asked,
    last: () => last,
    [Symbol.asyncDispose]: () => {
      server.closeAllConnections();
      return new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
      });
    },
  };
}

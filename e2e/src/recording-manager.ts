import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { managerExtensionRoutes } from '@tunasync/protocol';

/** A request as it arrived. */
export interface RecordedRequest {
  /** `POST /workers/w/heartbeat`. */
  what: string;
  /** Milliseconds since the Unix epoch. */
  at: number;
  body: unknown;
}

/** A manager that takes everything, knows nothing and remembers what it was told; `await using` stops it. */
export interface RecordingManager extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  /** Everything that came, oldest first. */
  readonly requests: readonly RecordedRequest[];
  /** Those of one kind, by the end of their path: `/progress`. */
  of(ending: string): RecordedRequest[];
}

/**
 * Starts one on loopback.
 *
 * @param options - `old`: one that has the routes of tunasync v0.10 only; `port`: a certain one. @defaultValue a new one, on any
 */
export async function startRecordingManager(
  options: { old?: boolean; port?: number } = {},
): Promise<RecordingManager> {
  const requests: RecordedRequest[] = [];
  const server = createServer((request, response) => {
    void take(request, response, requests, options.old === true);
  });
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    requests,
    of: (ending) => requests.filter(({ what }) => what.endsWith(ending)),
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

/** As gin answers a path that it does not know. */
const notFound = { status: 404, type: 'text/plain', text: '404 page not found' };

const newRoutes = Object.values(managerExtensionRoutes).map(({ method, path }) => ({
  method,
  pattern: new RegExp(`^${path.replace(/:\w+/g, '[^/]+')}$`),
}));

async function take(
  request: IncomingMessage,
  response: ServerResponse,
  requests: RecordedRequest[],
  old: boolean,
): Promise<void> {
  const { method = '', url = '' } = request;
  let text = '';
  for await (const chunk of request) text += String(chunk);
  requests.push({
    what: `${method} ${url}`,
    at: Date.now(),
    body: text === '' ? undefined : JSON.parse(text),
  });
  const isNew = newRoutes.some((route) => route.method === method && route.pattern.test(url));
  const answer =
    old && isNew ? notFound : { status: 200, type: 'application/json', text: method === 'GET' ? '[]' : text };
  response.writeHead(answer.status, { 'content-type': answer.type }).end(answer.text);
}

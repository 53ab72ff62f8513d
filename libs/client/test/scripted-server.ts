import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer, type ServerOptions as TlsServerOptions } from 'node:https';
import { createServer as createTcpServer, type AddressInfo, type Socket } from 'node:net';

/** A request as the server received it. */
export interface SeenRequest {
  method: string;
  url: string;
  headers: IncomingMessage['headers'];
  body: string;
}

/** A server on loopback that answers as the test says and records its requests. */
export interface ScriptedServer extends AsyncDisposable {
  url: string;
  port: number;
  seen: SeenRequest[];
  sockets: Set<Socket>;
  server: Server;
}

export type Answer = (request: SeenRequest, ...args: Parameters<RequestListener>) => void;

/** Answers 200 with `value` as JSON. */
export const json =
  (value: unknown, status = 200): Answer =>
  (_seen, _request, response) => {
    response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' });
    response.end(JSON.stringify(value));
  };

/** Answers with `body` unchanged. */
export const text =
  (body: string, status = 200, headers: Record<string, string> = {}): Answer =>
  (_seen, _request, response) => {
    response.writeHead(status, headers);
    response.end(body);
  };

/** Starts a server. Assign to `answer` of the returned object to replace its answer. */
export async function serve(
  answer: Answer,
  tls?: TlsServerOptions,
): Promise<ScriptedServer & { answer: Answer }> {
  const listener: RequestListener = (request, response) => {
    let body = '';
    request.setEncoding('utf8');
    request.on('data', (chunk: string) => (body += chunk));
    request.on('end', () => {
      const seen = { method: request.method!, url: request.url!, headers: request.headers, body };
      started.seen.push(seen);
      started.answer(seen, request, response);
    });
  };
  const server = tls === undefined ? createServer(listener) : createTlsServer(tls, listener);
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const started = {
    answer,
    server,
    sockets,
    port,
    seen: [] as SeenRequest[],
    url: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: () =>
      new Promise<void>((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
        for (const socket of sockets) socket.destroy();
      }),
  };
  return started;
}

/** Starts a server that does not speak HTTP. */
export async function serveTcp(
  onConnection: (socket: Socket) => void,
): Promise<AsyncDisposable & { url: string }> {
  const sockets = new Set<Socket>();
  const server = createTcpServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    onConnection(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: () =>
      new Promise<void>((resolve) => {
        server.close(() => {
          resolve();
        });
        for (const socket of sockets) socket.destroy();
      }),
  };
}

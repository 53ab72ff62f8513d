import type { ClientRequest, IncomingMessage } from 'node:http';
import { connectionState } from './connection-state.js';
import { TransportFailure, type TransportRequest, type TransportStream } from './transport.js';

/** Starts a request of `node:http` or `node:https`. */
export type OpenRequest = (
  url: string,
  options: { method: string; headers: Readonly<Record<string, string>> },
) => ClientRequest;

/** Sends a request and resolves as soon as its answer begins. @throws TransportFailure when there is none */
export function openStream(request: TransportRequest, open: OpenRequest): Promise<TransportStream> {
  return new Promise((resolve, reject) => {
    const { method, headers, body, signal } = request;
    const sent = open(request.url, { method, headers });
    const fail = (cause: unknown): void => {
      signal.removeEventListener('abort', onAbort);
      reject(new TransportFailure(cause, connectionState(sent)));
      sent.destroy();
    };
    const onAbort = (): void => {
      fail(signal.reason);
    };
    // Node.js ends an unrequested change of protocol without an error
    const onClose = (): void => {
      fail({ code: 'ERR_BAD_RESPONSE' });
    };
    sent.on('error', fail);
    sent.once('close', onClose);
    sent.on('response', (response) => {
      // from here on the answer shows how it ends; destroying the request would drop what of it has arrived
      sent
        .off('close', onClose)
        .off('error', fail)
        .on('error', () => undefined);
      // it may break while there is no reader
      response.on('error', () => undefined);
      resolve({
        status: response.statusCode ?? 0,
        headers: response.headers,
        body: bodyOf(sent, response, signal),
      });
      response.once('close', () => {
        signal.removeEventListener('abort', onAbort);
      });
    });
    if (signal.aborted) {
      onAbort();
      return;
    }
    signal.addEventListener('abort', onAbort, { once: true });
    sent.end(body);
  });
}

async function* bodyOf(
  sent: ClientRequest,
  response: IncomingMessage,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of response as AsyncIterable<Uint8Array>) yield chunk;
  } catch (cause) {
    throw new TransportFailure(signal.aborted ? signal.reason : cause, {
      connected: true,
      reusedSocket: sent.reusedSocket,
    });
  }
}

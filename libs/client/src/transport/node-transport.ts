import { Agent as HttpAgent, request as httpRequest } from 'node:http';
import type { Agent as HttpsAgent } from 'node:https';
import { connectionState } from './connection-state.js';
import { openStream, type OpenRequest } from './open-stream.js';
import {
  httpsAgentOptions,
  idleMs,
  largestReply,
  TransportFailure,
  type Transport,
  type TransportFactory,
  type TransportReply,
  type TransportRequest,
} from './transport.js';

/**
 * A transport of nothing but `node:http`: for programs whose start time counts, such as a command line.
 * `node:https` is loaded with the first HTTPS request.
 */
export const nodeTransport: TransportFactory = (options): Transport => {
  const httpAgent = new HttpAgent({ keepAlive: true, timeout: idleMs });
  let httpsAgent: HttpsAgent | undefined;
  const openFor = async (address: string): Promise<OpenRequest> => {
    if (!address.startsWith('https:')) return (url, init) => httpRequest(url, { ...init, agent: httpAgent });
    const { Agent, request } = await import('node:https');
    const agent = (httpsAgent ??= new Agent(httpsAgentOptions(options)));
    return (url, init) => request(url, { ...init, agent });
  };
  return {
    async request(request) {
      return await exchange(request, await openFor(request.url));
    },
    async open(request) {
      return await openStream(request, await openFor(request.url));
    },
    close() {
      httpAgent.destroy();
      httpsAgent?.destroy();
    },
  };
};

function exchange(request: TransportRequest, open: OpenRequest): Promise<TransportReply> {
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
    sent.on('error', fail);
    sent.on('response', (response) => {
      const chunks: Buffer[] = [];
      let size = 0;
      response.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        size += chunk.length;
        if (size > largestReply) fail(new RangeError(`the answer is longer than ${largestReply} bytes`));
      });
      response.on('error', fail);
      response.on('end', () => {
        signal.removeEventListener('abort', onAbort);
        resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8') });
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

import { Agent as HttpAgent, request as httpRequest } from 'node:http';
import type { Agent as HttpsAgent } from 'node:https';
import { readBytes } from '@tunasync/util';
import { openStream, type OpenRequest } from './open-stream.js';
import {
  httpsAgentOptions,
  idleMs,
  largestReply,
  TransportFailure,
  type Transport,
  type TransportFactory,
  type TransportReply,
  type TransportStream,
} from './transport.js';

/**
 * A transport that uses only `node:http`, for programs that have to start fast, such as a command line.
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
      return await readAll(await openStream(request, await openFor(request.url)));
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

async function readAll({ status, body }: TransportStream): Promise<TransportReply> {
  const { bytes, complete } = await readBytes(body, largestReply);
  if (complete) return { status, body: bytes.toString('utf8') };
  throw new TransportFailure(new RangeError(`the answer is longer than ${largestReply} bytes`), {
    connected: true,
    reusedSocket: false,
  });
}

import {
  Agent as HttpAgent,
  request as httpRequest,
  type ClientRequest,
  type IncomingMessage,
  type RequestOptions,
} from 'node:http';
import type { Agent as HttpsAgent } from 'node:https';
import { connectionState } from './connection-state.js';
import { nodeTransport } from './node-transport.js';
import {
  httpsAgentOptions,
  idleMs,
  largestReply,
  TransportFailure,
  type Transport,
  type TransportFactory,
} from './transport.js';

/** The default transport. It uses axios, loaded with the first request, and {@link nodeTransport} for streams. */
export const axiosTransport: TransportFactory = (options): Transport => {
  const httpAgent = new HttpAgent({ keepAlive: true, timeout: idleMs });
  let httpsAgent: HttpsAgent | undefined;
  const streams = nodeTransport(options);
  return {
    async request({ method, url, headers, body, signal }) {
      const { default: axios } = await import('axios');
      let open: typeof httpRequest = httpRequest;
      if (url.startsWith('https:')) {
        const https = await import('node:https');
        open = https.request;
        httpsAgent ??= new https.Agent(httpsAgentOptions(options));
      }
      let sent: ClientRequest | undefined;
      let stateAtAbort: ReturnType<typeof connectionState> | undefined;
      // axios destroys the socket on abort, and its state with it
      const onAbort = (): void => {
        stateAtAbort = connectionState(sent);
      };
      signal.addEventListener('abort', onAbort, { once: true });
      try {
        const { status, data } = await axios.request<string>({
          method,
          url,
          headers,
          ...(body === undefined ? {} : { data: body }),
          signal,
          httpAgent,
          httpsAgent,
          adapter: 'http',
          transport: {
            request: (options: RequestOptions, onResponse: (response: IncomingMessage) => void) =>
              (sent = open(options, onResponse)),
          },
          proxy: false,
          maxRedirects: 0,
          maxContentLength: largestReply,
          decompress: false,
          responseType: 'text',
          transformRequest: (data: unknown) => data,
          transformResponse: (data: unknown) => data,
          validateStatus: null,
        });
        return { status, body: data };
      } catch (error) {
        // an AxiosError holds the request with its headers and body: keep only the error of Node.js
        const { cause, code, message } = error as { cause?: unknown; code?: string; message: string };
        throw new TransportFailure(
          signal.aborted ? signal.reason : (cause ?? { code, message }),
          stateAtAbort ?? connectionState(sent),
        );
      } finally {
        signal.removeEventListener('abort', onAbort);
      }
    },
    open: (request) => streams.open(request),
    close() {
      streams.close();
      httpAgent.destroy();
      httpsAgent?.destroy();
    },
  };
};

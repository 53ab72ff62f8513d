import { request, type RequestOptions } from 'node:https';
import { TLSSocket } from 'node:tls';

/** An answer with facts of its connection. */
export interface HttpsAnswer {
  status: number | undefined;
  json: unknown;
  /** Common name in the server's certificate. */
  server: string;
  resumed: boolean;
  localPort: number | undefined;
}

/** Asks an HTTPS server. Each call opens a connection of its own unless the options have an agent. */
export function httpsCall(
  url: string,
  method: string,
  path: string,
  options: RequestOptions & { body?: string; session?: Buffer } = {},
): Promise<HttpsAnswer> {
  const { body, ...rest } = options;
  return new Promise((resolve, reject) => {
    const sent = request(`${url}${path}`, { method, agent: false, ...rest }, (response) => {
      const { socket } = response;
      if (!(socket instanceof TLSSocket)) throw new TypeError('no TLS');
      const answer = {
        status: response.statusCode,
        server: (socket.getPeerX509Certificate()?.subject ?? '').replace('CN=', ''),
        resumed: socket.isSessionReused(),
        localPort: socket.localPort,
      };
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString()));
      response.on('end', () => {
        const isJson = response.headers['content-type']?.startsWith('application/json') === true;
        resolve({ ...answer, json: text === '' || !isJson ? undefined : JSON.parse(text) });
      });
      response.on('error', reject);
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

import { request } from 'node:http';

/** An answer as it was received. */
export interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  bytes: Buffer;
  /** The parsed body of an answer in JSON that is not compressed. */
  json: unknown;
}

/** Sends one request with the path exactly as given: `fetch` would normalize it. */
export function call(
  url: string,
  method: string,
  path: string,
  body?: string | Buffer,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const outgoing = request({ host: hostname, port, method, path, headers, agent: false }, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('error', reject);
      incoming.on('end', () => {
        const bytes = Buffer.concat(chunks);
        const { statusCode: status = 0, headers } = incoming;
        const isJson = headers['content-type']?.startsWith('application/json') === true;
        const json: unknown =
          isJson && headers['content-encoding'] === undefined && bytes.length > 0
            ? JSON.parse(bytes.toString())
            : undefined;
        resolve({ status, headers, bytes, json });
      });
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

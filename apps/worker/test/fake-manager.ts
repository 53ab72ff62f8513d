import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { MirrorStatus } from '@tunasync/protocol';

/** A manager that accepts every report. */
export interface FakeManager extends AsyncDisposable {
  readonly url: string;
  /** Bodies of the registrations. */
  readonly registrations: { id: string; url: string }[];
  readonly reports: MirrorStatus[];
}

/** Starts a manager. @param port - @defaultValue any free port */
export async function startFakeManager(port = 0): Promise<FakeManager> {
  const registrations: { id: string; url: string }[] = [];
  const reports: MirrorStatus[] = [];
  const server = createServer((request, response) => {
    let text = '';
    request.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    request.on('end', () => {
      if (request.url === '/workers') registrations.push(JSON.parse(text) as { id: string; url: string });
      if (/\/jobs\/[^/]+$/.test(request.url ?? '')) reports.push(JSON.parse(text) as MirrorStatus);
      response.setHeader('content-type', 'application/json');
      response.end(request.method === 'GET' ? '[]' : text);
    });
  });
  await new Promise<void>((resolve) => void server.listen(port, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    registrations,
    reports,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => void server.close(resolve));
    },
  };
}

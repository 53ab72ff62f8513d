import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fixturePath } from '@tunasync/test-utils';

interface Exchange {
  seq: number;
  request: { method: string; path: string };
  response: { status: number; headers: Record<string, string>; body: string };
}

const exchanges = JSON.parse(readFileSync(fixturePath('wire/exchanges.json'), 'utf8')) as Exchange[];

/** A manager of v0.10 that answers as it was recorded: the exchanges with these numbers, else as for unknown paths. */
export async function recordedOriginal(...seqs: number[]) {
  const unknown = exchanges.find(({ request }) => request.path === '/nope')?.response;
  const recorded = exchanges.filter(({ seq }) => seqs.includes(seq));
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const what = `${request.method ?? ''} ${request.url ?? ''}`;
    asked.push(what);
    const found =
      recorded.find(({ request: { method, path } }) => `${method} ${path}` === what)?.response ?? unknown;
    response.writeHead(found?.status ?? 0, { 'content-type': found?.headers['content-type'] });
    response.end(found?.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    /** The recorded body. */
    body: (seq: number): unknown =>
      JSON.parse(exchanges.find((exchange) => exchange.seq === seq)?.response.body ?? ''),
    async [Symbol.asyncDispose](): Promise<void> {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

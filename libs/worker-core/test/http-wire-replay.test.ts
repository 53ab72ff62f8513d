import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { nullLogger } from '@tunasync/logger';
import { fixturePath } from '@tunasync/test-utils';
import { createCommandServer, type CommandServer } from '../src/http/index.js';
import type { CommandTarget } from '../src/interfaces/commands.js';

interface Exchange {
  seq: number;
  to: string;
  request: { method: string; path: string; headers: Record<string, string>; body: string };
  response: { status: number; headers: Record<string, string>; body: string };
}

async function fixture<T>(name: string): Promise<T> {
  return JSON.parse(await readFile(fixturePath(name), 'utf8')) as T;
}

const exchanges = (await fixture<Exchange[]>('wire/exchanges.json')).filter(({ to }) => to === 'worker');
const deviations = new Map(
  (await fixture<{ seq: number; defect: number | string }[]>('wire/deviations.json')).map((entry) => [
    entry.seq,
    entry.defect,
  ]),
);

/** Consequences of the original's treating an unknown verb as `start`: our manager never sends one. */
const neverSent = new Set([74]);

const mirrors = new Set(['pub', 'ok', 'bad', 'slow']);
const target: CommandTarget = {
  command({ verb, mirror }) {
    const known = verb === 'reload' || mirrors.has(mirror);
    return Promise.resolve(
      known ? { status: 200, message: 'OK' } : { status: 404, message: `Mirror \`\`${mirror}'' not found` },
    );
  },
};

let server: CommandServer;
let base: string;

beforeAll(async () => {
  server = createCommandServer({ target, logger: nullLogger, host: '127.0.0.1', port: 0 });
  await server.start();
  base = `http://127.0.0.1:${server.address!.port}`;
});
afterAll(() => server.stop());

async function replay({ request }: Exchange): Promise<Exchange['response']> {
  const { method, path, headers, body } = request;
  const response = await fetch(`${base}${path}`, { method, headers, body });
  return {
    status: response.status,
    headers: { 'content-type': response.headers.get('content-type') ?? '' },
    body: await response.text(),
  };
}

describe('the recorded commands to a worker', () => {
  test('are not empty', () => {
    expect(exchanges.map(({ seq }) => seq)).toEqual([35, 37, 43, 47, 49, 57, 59, 63, 74, 82]);
  });

  const same = exchanges.filter(({ seq }) => !deviations.has(seq) || neverSent.has(seq));
  test.each(same)('$seq is answered as recorded', async (exchange) => {
    const { status, headers, body } = exchange.response;
    expect(await replay(exchange)).toEqual({
      status,
      headers: { 'content-type': headers['content-type'] },
      body,
    });
  });

  const different = exchanges.filter(({ seq }) => deviations.has(seq) && !neverSent.has(seq));
  test.each(different)('$seq is answered differently', async (exchange) => {
    const { status, headers, body } = exchange.response;
    expect(await replay(exchange)).not.toEqual({
      status,
      headers: { 'content-type': headers['content-type'] },
      body,
    });
  });

  test('defect 3: reload is answered with 200', async () => {
    const reload = exchanges.find(({ seq }) => seq === 59)!;
    expect(await replay(reload)).toEqual({
      status: 200,
      headers: { 'content-type': 'application/json; charset=utf-8' },
      body: '{"msg":"OK"}',
    });
  });

  test('bad JSON gets the recorded message as JSON', async () => {
    const bad = exchanges.find(({ seq }) => seq === 82)!;
    expect(await replay(bad)).toEqual({
      status: 400,
      headers: { 'content-type': 'application/json; charset=utf-8' },
      body: bad.response.body,
    });
  });
});

import { request, type IncomingMessage } from 'node:http';
import { describe, expect, test } from '@jest/globals';
import {
  managerApiRoutes,
  managerExtensionRoutes,
  managerRoutes,
  type OpenApiDocument,
  type Route,
} from '@tunasync/protocol';
import { z } from 'zod';
import { register, reportOf, startApi, ways, type Api } from './api.js';
import { fakeWorker } from './fake-worker.js';
import { runOf } from './run-of.js';

const tables: Readonly<Record<string, Route>>[] = [managerApiRoutes, managerRoutes, managerExtensionRoutes];

/** A schema of the document that takes no field which is not described. */
function strictly(schema: unknown): z.ZodType {
  const closed = JSON.parse(
    JSON.stringify(schema, (_, value: unknown) =>
      typeof value === 'object' &&
      value !== null &&
      'properties' in value &&
      !('additionalProperties' in value)
        ? { ...value, additionalProperties: false }
        : value,
    ),
  ) as Parameters<typeof z.fromJSONSchema>[0];
  return z.fromJSONSchema(closed);
}

/** Answers of a route as the document describes them; `stream`: only its head is read. */
async function answerOf(
  api: Api,
  method: string,
  path: string,
  body: unknown,
): Promise<{ status: number; type: string; text: string }> {
  const incoming = await new Promise<IncomingMessage>((resolve, reject) => {
    const sent = request(`${api.url}${path}`, { method, agent: false }, resolve).on('error', reject);
    sent.end(body === undefined ? undefined : JSON.stringify(body));
  });
  const type = (incoming.headers['content-type'] ?? '').split(';')[0] ?? '';
  let text = '';
  for await (const chunk of incoming) {
    text += String(chunk);
    if (type === 'text/event-stream') break;
  }
  return { status: incoming.statusCode ?? 0, type, text };
}

async function documentOf(api: Api): Promise<OpenApiDocument> {
  return (await api.get('/api/openapi.json')).json as OpenApiDocument;
}

describe.each(ways)('the OpenAPI document, %s', (way) => {
  test('has every route, with its parameters and bodies', async () => {
    await using api = await startApi(way);
    const { headers } = await api.get('/api/openapi.json');
    expect(headers).toMatchObject({ 'content-type': 'application/json; charset=utf-8' });
    const { openapi, paths, servers } = await documentOf(api);
    expect([openapi, new URL(servers[0]?.url ?? '', 'http://x/behind/api/openapi.json').href]).toEqual([
      '3.1.0',
      'http://x/behind/',
    ]);
    const described = Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, { operationId }]) => `${method} ${path} ${operationId}`),
    );
    const routes = tables.flatMap((table) =>
      Object.entries(table).map(
        ([name, { method, path }]) => `${method.toLowerCase()} ${path.replace(/:(\w+)/g, '{$1}')} ${name}`,
      ),
    );
    expect(described.sort()).toEqual(routes.sort());
    expect(new Set(described.map((line) => line.split(' ')[2])).size).toBe(routes.length);
    expect(paths['/jobs/{name}/logs/{log}/search']?.['get']?.parameters).toMatchObject([
      { name: 'name', in: 'path', required: true },
      { name: 'log', in: 'path', required: true },
      { name: 'q', in: 'query', required: true, schema: { type: 'string', maxLength: 500 } },
      { name: 'regex', in: 'query', required: false, schema: { enum: ['0', '1', 'false', 'true'] } },
      { name: 'case' },
      { name: 'from' },
      { name: 'limit' },
      { name: 'worker', required: false },
    ]);
    expect(paths['/cmd']?.['post']?.requestBody?.content['application/json']?.schema).toMatchObject({
      properties: { cmd: { enum: ['start', 'stop', 'disable', 'restart', 'ping', 'reload'] } },
    });
  });

  test('is kept to by the answers of every route', async () => {
    await using worker = await fakeWorker((incoming, response) => {
      const path = (incoming.url ?? '').split('?')[0] ?? '';
      if (path.endsWith('/stream')) {
        response.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: x\n\n');
      } else if (path.endsWith('/logs')) {
        const time = '2026-11-24T03:04:00Z';
        response.end(JSON.stringify({ logs: [{ name: 'x', size: 1, started: time, time, failed: true }] }));
      } else if (path.endsWith('/search')) {
        const hits = [{ offset: 3, text: 'x', match: [0, 1] }];
        response.end(JSON.stringify({ hits, end: 4, size: 4, complete: true }));
      } else if (path.endsWith('/config')) {
        const where = { source: 'mirror', file: '/w.conf', line: 3 };
        response.end(
          JSON.stringify({ settings: [{ key: 'env.A', value: '"REDACTED"', ...where, masked: true }] }),
        );
      } else if (path.endsWith('/plan')) {
        const start = '2026-11-24T03:04:00Z';
        const ofJob = { provider: 'rsync', attempt: 0, attempts: 2, upcoming: [start] };
        const ofWorker = { planned: [{ name: 'a', start, seconds: 5 }], truncated: false };
        response.end(
          JSON.stringify(
            path === '/plan' ? ofWorker : { ...ofJob, schedule: { kind: 'interval', minutes: 60 } },
          ),
        );
      } else response.end('text');
    });
    await using api = await startApi(way);
    await register(api, 'w1', 'a', 'b');
    await register(api, 'w3', 'c');
    await api.post('/workers', { id: 'w1', url: worker.url });
    const running = reportOf('a', { status: 'syncing', consecutive_failures: 3, stale: true });
    const progress = [{ name: 'a', percent: 1, bytes: 2, files: 3, rate: 4, eta: 5 }];
    const heartbeat = {
      version: '1',
      filesystems: [{ path: '/', total: 2, free: 1 }],
      waits: { a: { for: 'disk', until: 5, detail: 'x' } },
    };
    const bodies: Record<string, unknown> = {
      registerWorker: { id: 'w2', url: 'http://w2.example/' },
      reportStatus: running,
      reportSize: { name: 'a', size: '5G' },
      reportSchedules: { schedules: [{ name: 'a', next_schedule: '2026-11-24T03:04:00Z' }] },
      sendCommand: { cmd: 'start', mirror_id: 'a' },
      sendCommands: { cmd: 'start', glob: 'b' },
      heartbeat,
      reportProgress: { progress },
      reportRun: runOf('a', api.clock.now()),
    };
    const queries: Record<string, string> = { searchLog: '?q=x', findJobs: '?status=syncing,success' };
    const { paths } = await documentOf(api);
    const operations = Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ path, method, ...operation })),
    );
    // what is posted first is answered later
    const order = ['post', 'get', 'delete'];
    operations.sort((one, other) => order.indexOf(one.method) - order.indexOf(other.method));
    for (const { path, method, operationId, responses } of operations) {
      const filled = path
        .replace('{id}', operationId === 'deleteWorker' ? 'w3' : 'w1')
        .replace('{worker}', 'w1')
        .replace(/\{(name|job)\}/, 'a')
        .replace('{log}', 'a_2026-11-24_03_04.log');
      const called = `${filled}${queries[operationId] ?? ''}`;
      const answer = await answerOf(api, method.toUpperCase(), called, bodies[operationId]);
      expect([operationId, answer.status, answer.type]).toEqual([
        operationId,
        200,
        Object.keys(responses['200']?.content ?? {})[0],
      ]);
      const { schema } = responses['200']?.content[answer.type] ?? {};
      const value: unknown = answer.type === 'application/json' ? JSON.parse(answer.text) : answer.text;
      const problems = strictly(schema).safeParse(value).error?.issues ?? [];
      expect([operationId, problems]).toEqual([operationId, []]);
    }
    const job = (await api.get('/api/jobs/w1/a')).json as object;
    const described = paths['/api/jobs/{worker}/{name}']?.['get']?.responses['200']?.content;
    const schema = strictly(described?.['application/json']?.schema);
    const takes = (fields: object): boolean => schema.safeParse({ ...job, ...fields }).success;
    expect([takes({}), takes({ colour: 'red' }), takes({ size: 5 }), takes({ waits: {} })]).toEqual([
      true,
      false,
      false,
      false,
    ]);
    expect(job).toMatchObject({ progress: { percent: 1 }, waits: { for: 'disk' }, stale: true });
  });

  test('is kept to by errors', async () => {
    await using api = await startApi(way);
    const { paths } = await documentOf(api);
    for (const [path, method] of [
      ['/api/jobs?limit=0', 'get'],
      ['/jobs/nope/logs', 'get'],
      ['/workers/nope', 'delete'],
      ['/cmd', 'post'],
    ] as const) {
      const described = paths[path.split('?')[0] ?? '']?.[method] ?? paths['/jobs/{name}/logs']?.['get'];
      const schema = described?.responses['default']?.content['application/json']?.schema;
      const answer = await answerOf(api, method.toUpperCase(), path, method === 'post' ? {} : undefined);
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(strictly(schema).safeParse(JSON.parse(answer.text)).success).toBe(true);
    }
  });
});

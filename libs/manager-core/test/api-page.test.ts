import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { OpenApiDocument, OpenApiOperation } from '@tunasync/protocol';
import type { TempDir } from '@tunasync/test-utils';
import { z } from 'zod';
import { describeApi } from '../src/routes/openapi-document.js';
import { apiPage } from '../src/ui/api-page.js';
import { exampleBody, exampleCall } from '../src/ui/example-call.js';
import { startApi } from './api.js';
import { madeUpSite } from './made-up-site.js';

const operations = Object.entries(describeApi().paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, ...operation })),
);

/** A page's text as a reader sees it. */
const textOf = (page: string): string =>
  page
    .replace(/<(style|script)\b.*?<\/\1>/gs, '')
    .replace(/<[^>]*>/g, '')
    .replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)))
    .replace(/\s+/g, ' ');

/** What a page shows of one route. */
function articleOf(page: string, operationId: string): string {
  const [, found = ''] = new RegExp(`<article id="${operationId}">(.*?)</article>`, 's').exec(page) ?? [];
  return textOf(found).trim();
}

/** A document with one route. */
const documentOf = (operation: Partial<OpenApiOperation>): OpenApiDocument => ({
  openapi: '3.1.0',
  info: { title: 'x', version: '1' },
  servers: [],
  paths: {
    '/x': {
      get: { operationId: 'x', tags: ['pages'], summary: 'X', parameters: [], responses: {}, ...operation },
    },
  },
});

describe('the page of the API', () => {
  let site: TempDir & { folder: string };
  beforeAll(async () => {
    site = await madeUpSite();
  });
  afterAll(() => site.remove());

  test('has every route, in its group, with a link to it and a call of it', async () => {
    await using api = await startApi('front', { ui: { folder: site.folder } });
    const { status, headers, bytes } = await api.get('/ui/api');
    const page = bytes.toString();
    expect([status, headers['content-type'], headers['cache-control']]).toEqual([
      200,
      'text/html; charset=utf-8',
      'no-cache',
    ]);
    expect(headers['content-security-policy']).toMatch(/^default-src 'none'; script-src 'self';/);
    expect(operations.length).toBeGreaterThan(25);
    const groupOf = Object.fromEntries(
      Array.from(page.matchAll(/<section id="(\w+)">(.*?)<\/section>/gs), ([, tag = '', text = '']) =>
        Array.from(text.matchAll(/<article id="(\w+)">/g), ([, id = '']) => [id, tag] as const),
      ).flat(),
    );
    expect(groupOf).toEqual(
      Object.fromEntries(operations.map(({ operationId, tags }) => [operationId, tags[0]])),
    );
    expect(groupOf).toMatchObject({
      sendCommand: 'contract',
      heartbeat: 'extensions',
      findJobs: 'pages',
      readLog: 'logs',
    });
    for (const { operationId, path, method, summary } of operations) {
      const shown = articleOf(page, operationId);
      expect(shown).toContain(`${method.toUpperCase()} ${path} ${summary}`);
      expect(shown).toContain(api.url);
      expect(page).toContain(`href="#${operationId}"`);
    }
    const ids = Array.from(page.matchAll(/ id="([^"]*)"/g), ([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('shows what goes in and what comes out', () => {
    const page = apiPage(describeApi(), 'https://m.example/sub');
    const search = articleOf(page, 'searchLog');
    expect(search).toContain('q string required 1 to 500 characters in query');
    expect(search).toContain(
      "curl 'https://m.example/sub/jobs/debian/logs/debian_2026-11-24_03_04.log/search?q=error'",
    );
    const commands = articleOf(page, 'sendCommands');
    expect(commands).toContain('cmd "start" | "stop" | "disable" | "restart" required');
    expect(commands).toContain(
      'jobs list of object 1 to 1000 entries worker string required name string required',
    );
    expect(commands).toContain('force boolean default false');
    expect(commands).toContain('results list of object worker string name string ok boolean message string');
    expect(commands).toContain(
      `curl -d '{"cmd":"start","glob":"debian*"}' 'https://m.example/sub/api/commands'`,
    );
    expect(articleOf(page, 'deleteWorker')).toContain(
      "curl -X DELETE 'https://m.example/sub/workers/worker1'",
    );
    expect(articleOf(page, 'streamEvents')).toContain("curl -N 'https://m.example/sub/api/events'");
    expect(articleOf(page, 'streamEvents')).toContain('Reply text/event-stream, string');
    // no answer has a null
    expect(articleOf(page, 'listWorkerJobs')).toContain('last_update string ');
    expect(articleOf(page, 'listWorkerJobs')).not.toContain('null');
  });

  test.each(operations.filter(({ requestBody }) => requestBody !== undefined))(
    'the example for $method $path is one that the route takes',
    (operation) => {
      const schema = operation.requestBody?.content['application/json']?.schema;
      const body = exampleBody(operation);
      expect(body).not.toEqual({});
      expect(z.fromJSONSchema(schema as Parameters<typeof z.fromJSONSchema>[0]).safeParse(body).error).toBe(
        undefined,
      );
    },
  );

  test('an example is one argument for a shell, whatever is in it', () => {
    const schema = { type: 'object', properties: { a: { enum: ["it's"] } }, required: ['a'] };
    const { get: operation } = documentOf({
      requestBody: { required: true, content: { 'application/json': { schema } } },
    }).paths['/x'] as { get: OpenApiOperation };
    expect(exampleCall('http://m', 'post', '/x', operation)).toBe(`curl -d '{"a":"it'\\''s"}' 'http://m/x'`);
  });

  test('nothing of a document becomes HTML', () => {
    const evil = `"'><img src=x onerror=alert(1)>&amp;`;
    const schema = { type: 'object', properties: { [evil]: { enum: [evil] } }, description: evil };
    const page = apiPage(
      documentOf({
        summary: evil,
        parameters: [{ name: evil, in: 'query', required: true, schema }],
        requestBody: { required: true, content: { 'application/json': { schema } } },
        responses: { 200: { description: evil, content: { [evil]: { schema } } } },
      }),
      `http://${evil}`,
    );
    expect(page).not.toContain('<img');
    expect(textOf(page).split(evil).length).toBeGreaterThan(6);
  });

  test.each([
    [{}, undefined, (url: string) => url],
    [{ host: 'm.example' }, undefined, () => 'http://m.example'],
    [{ host: 'inside', 'x-forwarded-host': 'm.example, inside' }, undefined, () => 'http://m.example'],
    [
      { host: 'inside', 'x-forwarded-host': 'm.example', 'x-forwarded-proto': 'https' },
      undefined,
      () => 'https://m.example',
    ],
    [{ host: 'inside' }, 'https://m.example/tunasync', () => 'https://m.example/tunasync'],
    [{ host: 'inside' }, 'https://m.example/tunasync/', () => 'https://m.example/tunasync'],
    [{ host: 'a"><script>alert(1)</script>' }, undefined, () => 'http://localhost:14242'],
    // examples are for a shell
    [{ host: "a';reboot;'" }, undefined, () => 'http://localhost:14242'],
    [{ host: 'm.example', 'x-forwarded-host': '$(reboot)' }, undefined, () => 'http://localhost:14242'],
    [{ host: '[::1]:14242' }, undefined, () => 'http://[::1]:14242'],
    [{ host: 'm.example', 'x-forwarded-proto': 'javascript' }, undefined, () => 'http://localhost:14242'],
  ])('asked with %j and public_url %s it tells the URL to call', async (headers, publicUrl, expected) => {
    await using api = await startApi('front', { ui: { folder: site.folder }, publicUrl });
    for (let asked = 0; asked < 2; asked++) {
      const page = (await api.get('/ui/api', headers)).bytes.toString();
      expect(page).toContain(`Base URL <code class="base">${expected(api.url)}</code>`);
    }
  });

  test('is kept for some addresses, not for as many as somebody makes up', async () => {
    await using api = await startApi('front', { ui: { folder: site.folder } });
    for (let index = 0; index < 40; index++) {
      const page = await api.get('/ui/api', { host: `m${index}.example` });
      expect(page.bytes.toString()).toContain(`>http://m${index}.example<`);
    }
  });

  test('its script is a file of its own', async () => {
    await using api = await startApi('front', { ui: { folder: site.folder } });
    const { headers, bytes } = await api.get('/ui/api-page.js');
    expect(headers).toMatchObject({
      'content-type': 'text/javascript; charset=utf-8',
      'cache-control': 'no-cache',
    });
    expect(bytes.toString()).toContain("new URL('..', location.href)");
    const page = (await api.get('/ui/api')).bytes.toString();
    expect(Array.from(page.matchAll(/<script[^>]*>/g), ([tag]) => tag)).toEqual([
      '<script type="module" src="./api-page.js">',
    ]);
    expect(page).not.toMatch(/\son\w+=/);
  });
});

import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { memoryLogger } from '@tunasync/logger';
import { CachedStore, memoryStore } from '@tunasync/store';
import type { TempDir } from '@tunasync/test-utils';
import express from 'express';
import { createManager, ManagerError } from '../src/index.js';
import { register, startApi, ways, type Api } from './api.js';
import { call } from './http-call.js';
import { madeUpPage, madeUpScript, madeUpSite } from './made-up-site.js';

let site: TempDir & { folder: string };
beforeAll(async () => {
  site = await madeUpSite();
});
afterAll(() => site.remove());

const withPages = (way: (typeof ways)[number] = 'front'): Promise<Api> =>
  startApi(way, { ui: { folder: site.folder } });
const script = '/ui/assets/index-Bx1_-9.js';

describe.each(ways)('the frontend, %s', (way) => {
  test.each([
    ['/ui/', './', 'tunasync'],
    ['/ui/index.html', './', 'tunasync'],
    ['/ui/mirrors', './', 'tunasync'],
    ['/ui/mirrors?status=failed&q=a.b', './', 'tunasync'],
    ['/ui/workers', './', 'tunasync'],
    ['/ui/timeline', './', 'tunasync'],
    ['/ui/mirrors/', '../', 'tunasync'],
    ['/ui/mirrors/w1/debian', '../../', 'tunasync'],
    ['/ui/mirrors/w1/debian/log', '../../../', 'tunasync'],
    ['/ui/mirrors/w1.example.org/debian-cd.iso', '../../', 'tunasync'],
    ['/ui/mirrors/w%2F1/a%2Fb.js', '../../', 'tunasync'],
    ['/ui/mirrors/w1/%E9%95%9C%E5%83%8F', '../../', 'tunasync'],
    ['/ui/mirrors/w1/%00', '../../', 'tunasync'],
    ['/ui/mirrors/w1/%zz', '../../', 'tunasync'],
    ['/ui/mirrors//x', '../../', 'tunasync'],
    ['/ui/status', './', 'Mirror status'],
    ['/ui/status?lang=zh', './', 'Mirror status'],
  ])('%s is a page whose base is %s', async (path, base, title) => {
    await using api = await withPages(way);
    const { status, headers, bytes } = await api.get(path);
    expect([status, bytes.toString()]).toEqual([200, madeUpPage(title, base)]);
    expect(new URL(base, `http://m.example/behind${path}`).href).toBe('http://m.example/behind/ui/');
    expect(headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': title === 'tunasync' ? 'no-cache' : 'public, max-age=60',
      'content-security-policy':
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; worker-src 'self'; manifest-src 'self'; base-uri 'self'; form-action 'none'; frame-ancestors 'none'",
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
    });
  });

  test.each([
    [script, 'text/javascript; charset=utf-8', 'public, max-age=31536000, immutable', madeUpScript.length],
    ['/ui/assets/font-Q2.woff2', 'font/woff2', 'public, max-age=31536000, immutable', 5000],
    ['/ui/assets/strange', 'application/octet-stream', 'public, max-age=31536000, immutable', 1],
    ['/ui/icon.svg', 'image/svg+xml; charset=utf-8', 'public, max-age=3600', 41],
  ])('%s is a file, %s', async (path, type, caching, length) => {
    await using api = await withPages(way);
    const { status, headers, bytes } = await api.get(path);
    expect([status, bytes.length]).toEqual([200, length]);
    expect(headers).toMatchObject({
      'content-type': type,
      'cache-control': caching,
      'content-length': String(length),
      'x-content-type-options': 'nosniff',
    });
    expect(headers['content-security-policy']).toContain("default-src 'none'");
  });

  test.each([
    '/ui/assets/index-old.js',
    '/ui/assets/',
    '/ui/assets',
    '/ui/assets/x/y',
    '/ui/favicon.ico',
    '/ui/link.txt',
    '/ui/../secret.txt',
    '/ui/..%2fsecret.txt',
    '/ui/%2e%2e/secret.txt',
    '/ui/%2e%2e%2fsecret',
    '/ui/%252e%252e%252fsecret',
    '/ui/..',
    '/ui/../../../../etc/passwd',
    '/ui/..\\secret.txt',
    '/ui/mirrors/../../secret',
    '/ui/mirrors/%2E./x',
    '/ui/%00',
    '/ui/index%00.js',
    '/ui/%zz',
    '/ui/%ff',
    '/ui/<script>',
    '/ui/constructor/__proto__.js',
    `/ui/${'x'.repeat(10_000)}.js`,
    `/ui/mirrors/${'x/'.repeat(4_000)}`,
    '//ui/',
    '//evil.example/ui',
    '/UI/',
    '/ui2/',
    '/api/nope',
    '/api',
    '/ping/',
    '/index.html',
    '/assets/index-Bx1_-9.js',
  ])('%.60s is nothing: 404 with a JSON error', async (path) => {
    await using api = await withPages(way);
    const { status, headers, json } = await api.get(path);
    const shown = path.length > 200 ? `${path.slice(0, 200)}…` : path;
    expect([status, headers['content-type'], json]).toEqual([
      404,
      'application/json; charset=utf-8',
      { error: `no such route: GET ${shown}` },
    ]);
    expect(headers['x-content-type-options']).toBe('nosniff');
  });

  test.each(['POST', 'PUT', 'DELETE', 'OPTIONS'])(
    '%s changes nothing: 404 with a JSON error',
    async (method) => {
      await using api = await withPages(way);
      for (const path of ['/', '/ui', '/ui/', '/ui/status', '/ui/api', script]) {
        expect(await api.call(method, path)).toMatchObject({
          status: 404,
          json: { error: `no such route: ${method} ${path}` },
        });
      }
    },
  );

  test('/ and /ui lead to it, by ways that hold behind any path', async () => {
    await using api = await withPages(way);
    for (const [path, location, whole] of [
      ['/', 'ui/', 'http://m.example/ui/'],
      ['/?x=1', 'ui/', 'http://m.example/ui/'],
      ['/ui', './ui/', 'http://m.example/ui/'],
    ] as const) {
      const answer = await api.get(path);
      expect([answer.status, answer.headers['location'], answer.bytes.length]).toEqual([302, location, 0]);
      expect(new URL(location, `http://m.example${path}`).href).toBe(whole);
      expect(new URL(location, `http://m.example/behind${path}`).href).toBe('http://m.example/behind/ui/');
    }
  });

  test('what a browser has is not sent again', async () => {
    await using api = await withPages(way);
    for (const path of ['/ui/', '/ui/mirrors/w/n', '/ui/status', '/ui/api', '/ui/api-page.js', script]) {
      const { headers } = await api.get(path);
      const etag = String(headers['etag']);
      for (const tag of [etag, etag.replace('W/', ''), `"a", ${etag}`, '*', `,,"",${etag}`]) {
        const again = await api.get(path, { 'if-none-match': tag });
        expect([again.status, again.bytes.length, again.headers['etag']]).toEqual([304, 0, etag]);
        expect(again.headers['cache-control']).toBe(headers['cache-control']);
        expect(again.headers['content-security-policy']).toBe(headers['content-security-policy']);
      }
      for (const tag of ['"', '', ',,,', 'W/', '""', 'x'.repeat(5_000), etag.slice(0, -2), `"${etag}"`]) {
        expect(await api.get(path, { 'if-none-match': tag })).toMatchObject({ status: 200 });
      }
    }
    const tags = await Promise.all(['/ui/', '/ui/x/', '/ui/status'].map((path) => api.get(path)));
    expect(new Set(tags.map(({ headers }) => headers['etag'])).size).toBe(3);
  });

  test('texts are compressed as the browser takes them, files that are compressed or small are not', async () => {
    await using api = await withPages(way);
    for (const [accepted, coding] of [
      ['gzip, deflate, br, zstd', 'br'],
      ['gzip', 'gzip'],
      ['br;q=0, *', 'gzip'],
      ['identity', undefined],
      ['*;q=0', undefined],
    ] as const) {
      const { headers, bytes } = await api.get(script, { 'accept-encoding': accepted });
      const plain = { br: brotliDecompressSync, gzip: gunzipSync, none: (all: Buffer) => all }[
        coding ?? 'none'
      ](bytes);
      expect([headers['content-encoding'], plain.toString()]).toEqual([coding, madeUpScript]);
      expect([headers['vary'], headers['content-length']]).toEqual(['accept-encoding', String(bytes.length)]);
    }
    for (const path of ['/ui/assets/font-Q2.woff2', '/ui/']) {
      const { headers } = await api.get(path, { 'accept-encoding': 'br, gzip' });
      expect(headers['content-encoding']).toBeUndefined();
    }
  });

  test('HEAD answers as GET does, without the body', async () => {
    await using api = await withPages(way);
    for (const path of ['/', '/ui/', '/ui/mirrors/w/n', '/ui/status', '/ui/api', script]) {
      const { date: _, ...got } = (await api.get(path)).headers;
      const { status, headers, bytes } = await api.call('HEAD', path);
      expect([status, bytes.length]).toEqual([path === '/' ? 302 : 200, 0]);
      expect(headers).toMatchObject(got);
    }
  });

  test('the contract is as without it', async () => {
    await using api = await withPages(way);
    await register(api, 'w1', 'a');
    expect((await api.get('/workers')).json).toMatchObject([{ id: 'w1' }]);
    expect(await api.get('/jobs')).toMatchObject({ status: 200, json: [{ name: 'a' }] });
  });

  test('without the extensions, or where there is none, nothing of it is there', async () => {
    for (const options of [{ extensions: false, ui: { folder: site.folder } }, {}]) {
      await using api = await startApi(way, options);
      for (const path of ['/', '/ui', '/ui/', '/ui/status', '/ui/api', script]) {
        expect(await api.get(path)).toMatchObject({
          status: 404,
          json: { error: `no such route: GET ${path}` },
        });
      }
    }
  });
});

test('mounted in another app, its pages are found from the path where they are mounted', async () => {
  await using api = await withPages();
  const server = express().use('/mirror/sites', api.app.express).listen(0, '127.0.0.1');
  try {
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as { port: number };
    const at = `http://127.0.0.1:${port}`;
    for (const path of ['/mirror/sites', '/mirror/sites/', '/mirror/sites/ui']) {
      const { headers } = await call(at, 'GET', path);
      expect(new URL(String(headers['location']), `${at}${path}`).pathname).toBe('/mirror/sites/ui/');
    }
    const page = await call(at, 'GET', '/mirror/sites/ui/mirrors/w/n');
    expect(page.bytes.toString()).toBe(madeUpPage('tunasync', '../../'));
    expect((await call(at, 'GET', '/mirror/sites/ui/api')).bytes.toString()).toContain(
      `<code class="base">${at}/mirror/sites</code>`,
    );
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
});

describe('a folder that is no frontend', () => {
  const problemWith = async (folder: string): Promise<string> => {
    const store = await CachedStore.open(memoryStore());
    const server = { addr: '127.0.0.1', port: 0, clientCaFile: '', clientCert: undefined, tls: undefined };
    try {
      createManager({ config: { server }, store, logger: memoryLogger(), ui: { folder } });
      return 'none';
    } catch (error) {
      expect(error).toBeInstanceOf(ManagerError);
      const { code, message } = error as ManagerError;
      return `${code} ${message}`;
    }
  };

  test('that is not there', async () => {
    const folder = join(site.path, 'nowhere');
    expect(await problemWith(folder)).toMatch(/^UI_UNREADABLE the web frontend cannot be read: .*ENOENT/);
    expect(await problemWith(folder)).toContain(`no such file or directory, scandir '${folder}'`);
  });

  test('without a page, or with one that has no base', async () => {
    await using other = await madeUpSite();
    const page = join(other.folder, 'status.html');
    await rm(page);
    expect(await problemWith(other.folder)).toContain(`no such file or directory, open '${page}'`);
    await writeFile(page, '<html></html>');
    expect(await problemWith(other.folder)).toBe(
      `UI_UNREADABLE the web frontend cannot be read: ${page} has no <base href="…">`,
    );
  });

  test('extensions: false does not look at it', async () => {
    await using api = await startApi('front', { extensions: false, ui: { folder: '/nowhere' } });
    expect(await api.get('/ping')).toMatchObject({ status: 200 });
  });
});

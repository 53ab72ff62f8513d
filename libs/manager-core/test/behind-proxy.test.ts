import { createServer, request, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { waitFor, type TempDir } from '@tunasync/test-utils';
import type { AppOptions } from '../src/index.js';
import { register, startApi, type Api } from './api.js';
import { call, type Answer } from './http-call.js';
import { madeUpScript, madeUpSite } from './made-up-site.js';

let site: TempDir & { folder: string };
beforeAll(async () => {
  site = await madeUpSite();
});
afterAll(() => site.remove());

/** Headers with which a proxy describes the original request. */
type Forwarding = (asked: IncomingHttpHeaders) => Record<string, string>;

const forwardings: Record<'xForwarded' | 'standard' | 'silent', Forwarding> = {
  xForwarded: ({ host = '' }) => ({ 'x-forwarded-host': host, 'x-forwarded-proto': 'http' }),
  standard: ({ host = '' }) => ({ forwarded: `for=127.0.0.1;host="${host}";proto=http` }),
  silent: () => ({}),
};

/** A manager behind a proxy that strips `/tunasync` from the path and sets its own `Host`. */
async function behindProxy(
  forwarding: Forwarding,
  options: (url: string) => Partial<AppOptions> = () => ({}),
): Promise<AsyncDisposable & { api: Api; at: string; host: string }> {
  const target: { api?: Api } = {};
  const proxy = createServer((asked, response) => {
    const { url: path = '', method = 'GET', headers } = asked;
    if (!path.startsWith('/tunasync/')) {
      response.writeHead(404).end('not here');
      return;
    }
    const upstream = new URL(target.api?.url ?? '');
    const outgoing = request(
      {
        host: upstream.hostname,
        port: upstream.port,
        method,
        path: path.slice('/tunasync'.length),
        headers: { ...headers, host: 'inside:14242', ...forwarding(headers) },
        agent: false,
      },
      (answer) => {
        response.writeHead(answer.statusCode ?? 0, answer.headers);
        answer.pipe(response);
      },
    );
    outgoing.on('error', () => response.destroy());
    response.on('close', () => outgoing.destroy());
    asked.pipe(outgoing);
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const host = `127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  const api = await startApi('front', { ui: { folder: site.folder }, ...options(`http://${host}`) });
  target.api = api;
  return {
    api,
    at: `http://${host}`,
    host,
    [Symbol.asyncDispose]: async () => {
      proxy.closeAllConnections();
      await new Promise((resolve) => proxy.close(resolve));
      await api[Symbol.asyncDispose]();
    },
  };
}

/** The page that a browser shows after all redirects, and its URL. */
async function open(at: string, path: string): Promise<{ path: string; answer: Answer }> {
  const answer = await call(at, 'GET', path);
  const { location } = answer.headers;
  return typeof location === 'string'
    ? open(at, new URL(location, `${at}${path}`).pathname)
    : { path, answer };
}

describe('behind a proxy that strips a path', () => {
  test.each([
    '/tunasync/',
    '/tunasync/ui',
    '/tunasync/ui/',
    '/tunasync/ui/mirrors/w%2F1/a.b',
    '/tunasync/ui/status',
  ])('a page that is opened at %s finds its files, the API and the statuses', async (opened) => {
    await using site = await behindProxy(forwardings.xForwarded);
    const { path, answer } = await open(site.at, opened);
    expect(answer.status).toBe(200);
    const [, base = ''] = /<base href="([^"]*)"/.exec(answer.bytes.toString()) ?? [];
    const found = (relative: string): string =>
      new URL(relative, new URL(base, `${site.at}${path}`)).pathname;
    const script = await call(site.at, 'GET', found('./assets/index-Bx1_-9.js'));
    expect(script.bytes.toString()).toBe(madeUpScript);
    expect(await call(site.at, 'GET', found('../jobs'))).toMatchObject({ status: 200, json: [] });
    expect(await call(site.at, 'GET', found('../api/jobs'))).toMatchObject({
      status: 200,
      json: { total: 0 },
    });
    const api = await call(site.at, 'GET', found('./api'));
    expect(api.bytes.toString()).toContain(`<code class="base">${site.at}</code>`);
  });

  test.each([
    ['that sends X-Forwarded-Host', forwardings.xForwarded, undefined],
    ['that sends Forwarded', forwardings.standard, undefined],
    ['that sends neither, with public_url', forwardings.silent, '/tunasync'],
  ] as const)('a browser may make changes through a proxy %s', async (_, forwarding, publicPath) => {
    await using site = await behindProxy(forwarding, (url) =>
      publicPath === undefined ? {} : { publicUrl: `${url}${publicPath}` },
    );
    await register(site.api, 'w1', 'a');
    const stop = (origin: string, more = {}): Promise<Answer> =>
      call(site.at, 'POST', '/tunasync/api/commands', '{"cmd":"stop","glob":"a"}', {
        'content-type': 'application/json',
        origin,
        ...more,
      });
    expect(await stop('http://evil.example')).toMatchObject({ status: 403 });
    expect(
      await stop(site.at, { 'sec-fetch-site': 'cross-site', origin: 'http://evil.example' }),
    ).toMatchObject({
      status: 403,
    });
    expect(site.api.sent).toEqual([]);
    expect(await stop(site.at)).toMatchObject({
      status: 200,
      json: { results: [{ worker: 'w1', name: 'a', ok: true }] },
    });
    expect(site.api.sent).toHaveLength(1);
  });

  test('a proxy without such headers needs public_url only for browsers without fetch metadata', async () => {
    await using site = await behindProxy(forwardings.silent);
    const flush = (headers: Record<string, string>): Promise<Answer> =>
      call(site.at, 'DELETE', '/tunasync/jobs/disabled', undefined, headers);
    expect(await flush({ origin: site.at, 'sec-fetch-site': 'same-origin' })).toMatchObject({ status: 200 });
    expect(await flush({ origin: site.at })).toMatchObject({ status: 403 });
  });

  test('examples of the API begin with public_url', async () => {
    await using site = await behindProxy(forwardings.silent, (url) => ({ publicUrl: `${url}/tunasync` }));
    const page = (await call(site.at, 'GET', '/tunasync/ui/api')).bytes.toString();
    expect(page).toContain(`<code class="base">${site.at}/tunasync</code>`);
  });

  test('events arrive one by one', async () => {
    await using site = await behindProxy(forwardings.xForwarded);
    const incoming = await new Promise<IncomingMessage>((resolve, reject) => {
      request(`${site.at}/tunasync/api/events`, { agent: false }, resolve).on('error', reject).end();
    });
    let text = '';
    incoming.on('data', (chunk: Buffer) => (text += chunk.toString()));
    incoming.on('error', () => undefined);
    await waitFor('the greeting', () => text.includes('event: hello'));
    // nginx buffers a stream unless this header forbids it
    expect(incoming.headers).toMatchObject({ 'x-accel-buffering': 'no' });
    incoming.destroy();
  });
});

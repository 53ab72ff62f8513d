import { describe, expect, test } from '@jest/globals';
import { register, startApi, ways } from './api.js';

const refused = [
  [{ 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }],
  [{ 'sec-fetch-site': 'same-site', origin: 'https://other.example.org' }],
  // a browser over plain HTTP
  [{ origin: 'http://evil.example' }],
  [{ origin: 'null' }],
  [{ origin: 'http://127.0.0.1:1' }],
  [{ origin: 'http://evil.example', host: 'manager.example:14242' }],
  [{ origin: 'http://manager.example.evil.example', host: 'manager.example' }],
  [{ 'sec-fetch-site': 'cross-site', origin: 'http://m.example', host: 'm.example' }],
] as const;
const taken = [
  [{}],
  [{ 'sec-fetch-site': 'same-origin', origin: 'https://m.example', host: 'inside:14242' }],
  [{ 'sec-fetch-site': 'none' }],
  [{ origin: 'http://manager.example:14242', host: 'manager.example:14242' }],
  [{ origin: 'https://manager.example', host: 'manager.example:443' }],
  // a proxy that rewrites Host
  [{ origin: 'http://m.example', host: 'inside:14242', 'x-forwarded-host': 'm.example' }],
  [{ origin: 'https://m.example', host: 'inside', 'x-forwarded-host': 'a.example, m.example:443' }],
  [
    {
      origin: 'http://m.example:8080',
      host: 'inside',
      forwarded: 'for=1.2.3.4;host="m.example:8080";proto=http',
    },
  ],
] as const;

describe.each(ways)('a request of a browser, %s', (way) => {
  test.each(refused)('with %j may not change anything', async (headers) => {
    await using api = await startApi(way);
    await register(api, 'w1', 'a');
    for (const [method, path, body] of [
      ['POST', '/cmd', '{"cmd":"stop","mirror_id":"a"}'],
      ['DELETE', '/workers/w1', undefined],
      ['DELETE', '/jobs/disabled', undefined],
      ['POST', '/workers/w1/jobs/a', '{"name":"a","status":"failed"}'],
    ] as const) {
      expect(await api.call(method, path, body, headers)).toMatchObject({
        status: 403,
        json: { error: `a page of another site (${headers.origin}) may not change anything here` },
      });
    }
    expect([api.sent, api.store.status('w1', 'a')?.status]).toEqual([[], 'success']);
    // status pages of other sites may read
    expect(await api.get('/jobs', headers)).toMatchObject({ status: 200 });
  });

  test.each(taken)('with %j may make changes', async (headers) => {
    await using api = await startApi(way);
    await register(api, 'w1', 'a');
    expect(await api.post('/cmd', { cmd: 'stop', mirror_id: 'a' }, headers)).toMatchObject({ status: 200 });
  });
});

test('a request from the public URL may make changes; the same holds without the extensions', async () => {
  const origin = 'https://m.example';
  await using api = await startApi('front', { publicUrl: 'https://m.example/sub/path/' });
  await register(api, 'w1', 'a');
  const stop = { cmd: 'stop', mirror_id: 'a' };
  expect(await api.post('/cmd', stop, { origin })).toMatchObject({ status: 200 });
  expect(await api.post('/cmd', stop, { origin: 'https://m.example.org' })).toMatchObject({ status: 403 });
  await using contract = await startApi('front', { extensions: false });
  await register(contract, 'w1', 'a');
  expect(await contract.post('/cmd', stop, { origin: 'https://evil.example' })).toMatchObject({
    status: 403,
  });
  expect(await contract.post('/cmd', stop)).toMatchObject({ status: 200 });
});

describe('where the public URL is known', () => {
  const stop = { cmd: 'stop', mirror_id: 'a' };
  // another owner's name may resolve to this server: DNS rebinding
  test.each(['evil.example', 'evil.example:14242', 'm.example.evil.example', '127.0.0.1.evil.example'])(
    'a page at %s may not change anything, even if its Host is the same',
    async (host) => {
      await using api = await startApi('front', { publicUrl: 'https://m.example/' });
      await register(api, 'w1', 'a');
      const headers = { origin: `http://${host}`, host, 'x-forwarded-host': host };
      expect(await api.post('/cmd', stop, headers)).toMatchObject({
        status: 403,
        json: { error: expect.stringContaining('may not change anything here') },
      });
      expect(api.sent).toEqual([]);
    },
  );

  test.each([
    '127.0.0.1:14242',
    '192.0.2.7',
    '[2001:db8::1]:14242',
    'localhost:14242',
    'a.localhost',
    'manager',
    'm.example:14242',
  ])('a page at %s may make changes, as no other site can own that name', async (host) => {
    await using api = await startApi('front', { publicUrl: 'https://m.example/' });
    await register(api, 'w1', 'a');
    expect(await api.post('/cmd', stop, { origin: `http://${host}`, host })).toMatchObject({ status: 200 });
  });
});

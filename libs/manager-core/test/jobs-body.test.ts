import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { toWebMirrorStatus, zeroTimeUnix } from '@tunasync/protocol';
import { register, reportOf, startApi, ways } from './api.js';

const many = Array.from({ length: 40 }, (_, n) => `mirror-${n}`);

describe.each(ways)('GET /jobs, %s', (way) => {
  test('is an empty list without mirrors', async () => {
    await using api = await startApi(way);
    const { status, bytes } = await api.get('/jobs');
    expect([status, bytes.toString()]).toEqual([200, '[]']);
  });

  test('shows the mirrors of all workers as status pages read them', async () => {
    await using api = await startApi(way);
    await register(api, 'w1', 'a');
    await api.post('/workers/w1/jobs/b', reportOf('b', { status: 'none', is_master: false }));
    const jobs = (await api.get('/jobs')).json as Record<string, unknown>[];
    expect(jobs.map(({ name }) => name).sort()).toEqual(['a', 'b']);
    const b = jobs.find(({ name }) => name === 'b');
    expect(Object.keys(b ?? {})).toEqual(Object.keys(toWebMirrorStatus(reportOf('b'))));
    expect(b).toMatchObject({
      is_master: false,
      status: 'none',
      last_update: '0001-01-01 00:00:00 +0000',
      last_update_ts: zeroTimeUnix,
    });
  });

  test('a page that polls is told when nothing changed', async () => {
    await using api = await startApi(way);
    await register(api, 'w1', 'a');
    const first = await api.get('/jobs');
    const etag = String(first.headers['etag']);
    for (const tag of [etag, etag.replace('W/', ''), `"x", ${etag}`, '*']) {
      const again = await api.get('/jobs', { 'if-none-match': tag });
      expect([again.status, again.bytes.length, again.headers['etag']]).toEqual([304, 0, etag]);
    }
    // that the worker was heard of changes nothing here
    await api.post('/workers/w1/schedules', { schedules: [] });
    expect((await api.get('/jobs', { 'if-none-match': etag })).status).toBe(304);
    await api.post('/workers/w1/jobs/a', reportOf('a', { status: 'failed' }));
    const changed = await api.get('/jobs', { 'if-none-match': etag });
    expect(changed).toMatchObject({ status: 200, json: [{ status: 'failed' }] });
    expect(changed.headers['etag']).not.toBe(etag);
  });

  test.each([
    ['gzip', true],
    ['deflate, gzip;q=0.5', true],
    ['*', true],
    ['gzip;q=0', false],
    ['gzip;q=0.000, *', false],
    ['*;q=0', false],
    ['br', false],
    ['identity', false],
  ])('with Accept-Encoding: %s, compressed: %j', async (accept, compressed) => {
    await using api = await startApi(way);
    await register(api, 'w1', ...many);
    const plain = await api.get('/jobs');
    const { headers, bytes } = await api.get('/jobs', { 'accept-encoding': accept });
    expect(headers['content-encoding']).toBe(compressed ? 'gzip' : undefined);
    expect(headers['content-length']).toBe(String(bytes.length));
    expect(headers['vary']).toBe('accept-encoding');
    expect(compressed ? gunzipSync(bytes) : bytes).toEqual(plain.bytes);
    if (compressed) expect(bytes.length).toBeLessThan(plain.bytes.length / 4);
  });

  test('a small body is not worth compressing', async () => {
    await using api = await startApi(way);
    const { headers, json } = await api.get('/jobs', { 'accept-encoding': 'gzip' });
    expect([headers['content-encoding'], json]).toEqual([undefined, []]);
  });

  test.each(['/jobs', '/ping', '/workers', '/workers/w1/jobs'])(
    'HEAD %s is GET without the body',
    async (path) => {
      await using api = await startApi(way);
      await register(api, 'w1', 'a');
      const [get, head] = [await api.get(path), await api.call('HEAD', path)];
      expect([head.status, head.bytes.length]).toEqual([200, 0]);
      expect(head.headers['content-length']).toBe(get.headers['content-length']);
      expect(head.headers['content-type']).toBe('application/json; charset=utf-8');
    },
  );
});

test('a status is encoded once, however often it is asked for', async () => {
  await using api = await startApi();
  await register(api, 'w1', ...many);
  await api.get('/jobs');
  let reads = 0;
  const watched = reportOf('watched');
  // CachedStore keeps the object, so that a getter sees who encodes it
  Object.defineProperty(watched, 'upstream', { enumerable: true, get: () => `read ${++reads}` });
  await api.store.write([{ type: 'put-status', status: watched }]);
  const before = reads;
  for (const name of many.slice(0, 5)) {
    await api.post(`/workers/w1/jobs/${name}`, reportOf(name));
    await api.get('/jobs');
    await api.get('/workers/w1/jobs');
  }
  // once for each of the two forms
  expect(reads - before).toBe(2);
});

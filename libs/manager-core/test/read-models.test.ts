import { expect, test } from '@jest/globals';
import { zeroTime, type WebMirrorStatus } from '@tunasync/protocol';
import { register, reportOf, startApi } from './api.js';

/** Statuses of the mirrors in `GET /jobs`, by name. */
const statusesOf = (body: Buffer): Record<string, string> =>
  Object.fromEntries(
    (JSON.parse(body.toString()) as WebMirrorStatus[]).map(({ name, status }) => [name, status]),
  );

test('a listener of the embedding program sees the change in every read model', async () => {
  await using api = await startApi();
  await register(api, 'w1', 'a');
  await api.post('/workers/w1/jobs/a', reportOf('a', { status: 'syncing' }));
  await api.post('/workers/w1/progress', { progress: [{ name: 'a', percent: 40 }] });
  expect(api.app.progress.get('w1', 'a')).toMatchObject({ percent: 40 });
  // so that the cached body exists
  expect(statusesOf(api.app.jobs())).toEqual({ a: 'syncing' });
  const seen: unknown[] = [];
  api.app.events.on('status', ({ name, status }) => {
    seen.push([name, status, statusesOf(api.app.jobs()), api.app.progress.get('w1', 'a')]);
  });
  await api.post('/workers/w1/jobs/a', reportOf('a', { status: 'failed', last_ended: zeroTime }));
  expect(seen).toEqual([['a', 'failed', { a: 'failed' }, undefined]]);
});

test('a listener sees no status of a mirror whose worker is removed', async () => {
  await using api = await startApi();
  await register(api, 'w1', 'a');
  await register(api, 'w2', 'b');
  api.app.jobs();
  const seen: unknown[] = [];
  api.app.events.on('statusRemoved', ({ name }) => seen.push([name, statusesOf(api.app.jobs())]));
  await api.delete('/workers/w1');
  expect(seen).toEqual([['a', { b: 'success' }]]);
});

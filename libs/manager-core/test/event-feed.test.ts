import { request, type IncomingMessage } from 'node:http';
import { describe, expect, test } from '@jest/globals';
import { apiChangesSchema, apiHelloSchema, type ApiChanges, type ApiHello } from '@tunasync/protocol';
import { waitFor } from '@tunasync/test-utils';
import { register, reportOf, startApi, ways, type Api } from './api.js';

interface Event {
  event: string;
  id: string | undefined;
  data: unknown;
}

/** Follows the events. */
async function follow(api: Api, lastEventId?: string) {
  const headers = lastEventId === undefined ? {} : { 'last-event-id': lastEventId };
  const incoming = await new Promise<IncomingMessage>((resolve, reject) => {
    request(`${api.url}/api/events`, { headers, agent: false }, resolve).on('error', reject).end();
  });
  let text = '';
  incoming.on('data', (chunk: Buffer) => (text += chunk.toString()));
  incoming.on('error', () => undefined);
  const events = (): Event[] =>
    text
      .split('\n\n')
      .slice(0, -1)
      .filter((part) => part !== ':')
      .map((part) => {
        const field = (name: string): string | undefined =>
          new RegExp(`^${name}: (.*)$`, 'm').exec(part)?.[1];
        return {
          event: field('event') ?? '',
          id: field('id'),
          data: JSON.parse(field('data') ?? 'null') as unknown,
        };
      });
  const nth = (index: number): Promise<Event> =>
    waitFor(`event ${index} in ${text.slice(0, 500)}`, () => events()[index], 4000);
  return {
    incoming,
    events,
    text: () => text,
    hello: async (): Promise<ApiHello> => {
      const { event, data } = await nth(0);
      expect(event).toBe('hello');
      expect(apiHelloSchema.parse(data)).toEqual(data);
      return data as ApiHello;
    },
    /** The event, counted from 1, which is to be one of changes. */
    changes: async (index: number): Promise<ApiChanges> => {
      const { event, data } = await nth(index);
      expect(event).toBe('changes');
      expect(apiChangesSchema.parse(data)).toEqual(data);
      return data as ApiChanges;
    },
    nth,
    ended: new Promise<void>((resolve) => incoming.once('close', resolve)),
    [Symbol.dispose]: () => void incoming.destroy(),
  };
}

const keysOf = (jobs: readonly { worker: string; name: string }[]): string[] =>
  jobs.map(({ worker, name }) => `${worker}/${name}`);

describe.each(ways)('events, %s', (way) => {
  test('tell once a second what changed, each thing once', async () => {
    await using api = await startApi(way);
    await register(api, 'w1', 'a', 'b');
    using stream = await follow(api);
    expect(stream.incoming.headers).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
    });
    expect(await stream.hello()).toMatchObject({
      resumed: false,
      counts: { success: 2, syncing: 0 },
      workers: [{ id: 'w1', state: 'unknown' }],
    });
    await api.post('/workers/w1/jobs/a', reportOf('a', { status: 'pre-syncing' }));
    await api.post('/workers/w1/jobs/a', reportOf('a', { status: 'syncing' }));
    await api.post('/workers/w1/progress', { progress: [{ name: 'a', percent: 1 }] });
    await api.clock.advance(999);
    expect(stream.events()).toHaveLength(1);
    await api.clock.advance(1);
    const first = await stream.changes(1);
    expect(first.jobs).toMatchObject([{ name: 'a', status: 'syncing', progress: { percent: 1 } }]);
    expect([first.counts.syncing, first.progress, first.removed]).toEqual([1, [], []]);
    await api.post('/workers/w1/progress', { progress: [{ name: 'a', percent: 2 }] });
    await api.clock.advance(1000);
    expect(await stream.changes(2)).toMatchObject({
      jobs: [],
      progress: [{ worker: 'w1', name: 'a', percent: 2 }],
    });
    await api.clock.advance(5000);
    expect(stream.events()).toHaveLength(3);
  });

  test('tell of workers that come, are lost and go, and of what jobs wait for', async () => {
    await using api = await startApi(way);
    await register(api, 'w1', 'a');
    using stream = await follow(api);
    await stream.hello();
    await register(api, 'w2');
    await api.post('/workers/w1/heartbeat', { waits: { a: { for: 'slot' } }, slots: 3 });
    await api.clock.advance(1000);
    const first = await stream.changes(1);
    expect(first.workers).toMatchObject([
      { id: 'w2', state: 'unknown' },
      { id: 'w1', state: 'online', slots: 3 },
    ]);
    expect(first.jobs).toMatchObject([{ name: 'a', waits: { for: 'slot' } }]);
    await api.post('/workers/w1/heartbeat', { waits: { a: { for: 'slot' } } });
    await api.clock.advance(1000);
    expect((await stream.changes(2)).jobs).toEqual([]);
    for (let second = 0; second < 96; second++) await api.clock.advance(1000);
    expect((await stream.changes(3)).workers).toMatchObject([{ id: 'w1', state: 'lost' }]);
    await api.delete('/workers/w1');
    await api.clock.advance(1000);
    expect(await stream.changes(4)).toMatchObject({
      removed_workers: ['w1'],
      removed: [{ worker: 'w1', name: 'a' }],
      counts: { success: 0 },
    });
  });

  test('tell of the jobs whose state was by a wait, when their worker is lost and when it is back', async () => {
    await using api = await startApi(way);
    await register(api, 'w1', 'a', 'b');
    await api.post('/workers/w1/heartbeat', { waits: { a: { for: 'slot' } } });
    using stream = await follow(api);
    expect(await stream.hello()).toMatchObject({ states: { waiting: 1, success: 1 } });
    for (let second = 0; second < 97; second++) await api.clock.advance(1000);
    const lost = await stream.changes(1);
    expect(lost.states).toMatchObject({ waiting: 0, success: 2 });
    expect(lost.jobs).toMatchObject([{ name: 'a', state: 'success', worker_state: 'lost' }]);
    expect(lost.jobs[0]).not.toHaveProperty('waits');
    await api.post('/workers/w1/heartbeat', { waits: { a: { for: 'slot' } } });
    await api.clock.advance(1000);
    const back = await stream.changes(2);
    expect(back.states).toMatchObject({ waiting: 1, success: 1 });
    expect(back.jobs).toMatchObject([{ name: 'a', state: 'waiting', worker_state: 'online' }]);
  });

  test('tell of jobs that become stale, without any report', async () => {
    await using api = await startApi(way);
    await register(api, 'w1', 'fresh');
    await api.post('/workers/w1/jobs/a', reportOf('a', { stale_after: 60 }));
    using stream = await follow(api);
    expect(await stream.hello()).toMatchObject({ states: { stale: 0, success: 2 } });
    for (let second = 0; second < 59; second++) await api.clock.advance(1000);
    expect(stream.events()).toHaveLength(1);
    for (let second = 0; second < 8; second++) await api.clock.advance(1000);
    const { jobs, states } = await stream.changes(1);
    expect(jobs).toMatchObject([{ name: 'a', state: 'stale', stale: true }]);
    expect(states).toMatchObject({ stale: 1, success: 1 });
    for (let second = 0; second < 60; second++) await api.clock.advance(1000);
    expect(stream.events()).toHaveLength(2);
  });

  test('who comes back is told what changed meanwhile, or that it has to ask anew', async () => {
    await using api = await startApi(way);
    await register(api, 'w1', 'a', 'b', 'c');
    const stream = await follow(api);
    await stream.hello();
    await api.post('/workers/w1/jobs/a', reportOf('a', { status: 'failed' }));
    await api.clock.advance(1000);
    const { id = '' } = await stream.nth(1);
    stream.incoming.destroy();
    await api.post('/workers/w1/jobs/b', reportOf('b', { status: 'failed' }));
    await api.clock.advance(1000);
    await api.post('/workers/w1/jobs/c', reportOf('c', { status: 'failed' }));
    await api.clock.advance(1000);
    using back = await follow(api, id);
    expect((await back.hello()).resumed).toBe(true);
    expect(keysOf((await back.changes(1)).jobs)).toEqual(['w1/b', 'w1/c']);
    back.incoming.destroy();
    await waitFor('the reader to be let go', async () => {
      // two minutes without anybody
      await api.clock.advance(121_000);
      await api.post('/workers/w1/jobs/a', reportOf('a'));
      using late = await follow(api, id);
      return !(await late.hello()).resumed;
    });
    for (const other of ['junk', '', 'ffffffff.1', `${id}0000`, '../x']) {
      using strange = await follow(api, other);
      expect((await strange.hello()).resumed).toBe(false);
    }
  });

  test('a slow reader costs no memory: it is told that it was, and to ask anew when it missed much', async () => {
    await using api = await startApi(way);
    const many = Array.from({ length: 900 }, (_, index) => `mirror-${index}`);
    await register(api, 'w1', ...many);
    using stream = await follow(api);
    await stream.hello();
    stream.incoming.pause();
    const change = async (names: readonly string[], error_msg: string): Promise<void> => {
      await api.store.write(
        names.map((name) => ({ type: 'put-status', status: reportOf(name, { error_msg }) })),
      );
      await api.clock.advance(1000);
    };
    for (let second = 0; second < 20; second++) await change(many, 'x'.repeat(1000));
    await change(['another'], 'y');
    await register(api, 'w2', ...Array.from({ length: 200 }, (_, index) => `other-${index}`));
    await api.clock.advance(1000);
    stream.incoming.resume();
    await waitFor('the end', () => stream.events().some(({ event }) => event === 'reset'));
    expect(stream.text().length).toBeLessThan(15_000_000);
    const kinds = stream.events().map(({ event }) => event);
    expect(kinds.slice(-2)).toEqual(['lag', 'reset']);
    const [lag, reset] = stream.events().slice(-2);
    expect((lag?.data as { seconds: number }).seconds).toBeGreaterThan(3);
    expect(reset?.data).toMatchObject({ counts: { success: 1101 } });
    await change(['another'], 'z');
    expect(keysOf((await stream.changes(kinds.length)).jobs)).toEqual(['w1/another']);
  }, 30_000);
});

test('a reader that takes nothing for two minutes is cut off: it would keep its place for ever', async () => {
  await using api = await startApi();
  const many = Array.from({ length: 900 }, (_, index) => `mirror-${index}`);
  await register(api, 'w1');
  using stuck = await follow(api);
  await stuck.hello();
  using other = await follow(api);
  await other.hello();
  stuck.incoming.pause();
  for (let second = 0; second < 15; second++) {
    await api.store.write(
      many.map((name) => ({
        type: 'put-status',
        status: reportOf(name, { error_msg: `${second}${'x'.repeat(1000)}` }),
      })),
    );
    await api.clock.advance(1000);
    await waitFor('the other one to be told', () => other.events().length > second + 1);
  }
  for (let second = 0; second < 130; second++) await api.clock.advance(1000);
  stuck.incoming.resume();
  await stuck.ended;
  expect(other.incoming.destroyed).toBe(false);
}, 30_000);

test('a reader too many is refused, and finds a place when another one goes', async () => {
  await using api = await startApi();
  const streams = await Promise.all(Array.from({ length: 500 }, () => follow(api)));
  expect(await api.get('/api/events')).toMatchObject({
    status: 503,
    json: { error: '500 readers follow the events: try again later' },
  });
  streams[7]?.incoming.destroy();
  const status = await waitFor('a place', async () => {
    using again = await follow(api);
    return again.incoming.statusCode === 200;
  });
  expect(status).toBe(true);
  for (const { incoming } of streams) incoming.destroy();
});

test('the streams end with the manager, and nothing is left of them', async () => {
  await using api = await startApi();
  using stream = await follow(api);
  await stream.hello();
  api.app.endStreams();
  await stream.ended;
  expect(stream.events().at(-1)).toMatchObject({ event: 'end', data: { reason: 'the manager stops' } });
  expect(api.clock.pending).toBe(0);
});

test('a reader that takes a long event at once is not called slow', async () => {
  await using api = await startApi();
  await register(api, 'w1', 'a');
  for (let index = 0; index < 100; index++) await register(api, `worker-${index}-${'x'.repeat(150)}`);
  const first = await follow(api);
  const { id } = await first.nth(0);
  first.incoming.destroy();
  await api.post('/workers/w1/jobs/a', reportOf('a', { status: 'failed' }));
  await api.clock.advance(1000);
  using back = await follow(api, id);
  expect((await back.hello()).resumed).toBe(true);
  expect((await back.changes(1)).jobs).toMatchObject([{ name: 'a', status: 'failed' }]);
});

test('HEAD is answered and followed by nothing; without the extensions there are no events', async () => {
  await using api = await startApi();
  expect(await api.call('HEAD', '/api/events')).toMatchObject({ status: 200 });
  await using contract = await startApi('front', { extensions: false });
  expect(await contract.get('/api/events')).toMatchObject({ status: 404 });
});

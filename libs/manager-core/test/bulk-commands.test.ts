import { describe, expect, test } from '@jest/globals';
import { TunasyncError, type ApiCommandReply } from '@tunasync/protocol';
import { memoryStore } from '@tunasync/store';
import { waitFor } from '@tunasync/test-utils';
import { matchGlob } from '@tunasync/util';
import { register, reportOf, startApi, ways } from './api.js';

test.each([
  ['*', 'debian', true],
  ['debian', 'debian', true],
  ['debian', 'debian-cd', false],
  ['debian*', 'debian-cd', true],
  ['*cd', 'debian-cd', true],
  ['d?b*n*', 'debian', true],
  ['d?bian', 'dbian', false],
  ['镜?', '镜🐟', true],
  ['a.c', 'abc', false],
  ['*a*b', 'aab', true],
  ['', '', true],
  [`${'a*'.repeat(100)}b`, 'a'.repeat(200), false],
])('the glob %s and the name %s: %s', (glob, name, fits) => {
  expect(matchGlob(glob, name)).toBe(fits);
});

describe.each(ways)('commands for many jobs, %s', (way) => {
  test('go to the workers of all that a glob fits; each answer is told', async () => {
    await using api = await startApi(way);
    await register(api, 'w1', 'debian', 'debian-cd', 'ubuntu');
    await register(api, 'w2', 'debian');
    await register(api, 'w3', 'debian');
    api.answer = ({ id }) =>
      id === 'w3'
        ? Promise.reject(new TypeError('connect ECONNREFUSED'))
        : Promise.resolve(
            id === 'w2'
              ? { status: 406, message: 'not <now>' }
              : { status: 200, message: 'OK, still at work' },
          );
    const answer = await api.post('/api/commands', { cmd: 'start', glob: 'debian*', force: true });
    expect(answer).toMatchObject({
      status: 200,
      json: {
        results: [
          { worker: 'w1', name: 'debian', ok: true, message: 'OK, still at work' },
          { worker: 'w1', name: 'debian-cd', ok: true },
          { worker: 'w2', name: 'debian', ok: false, message: 'worker w2: not <now>' },
          {
            worker: 'w3',
            name: 'debian',
            ok: false,
            message: expect.stringMatching(/^post command to worker w3\(.*\) fail: connect ECONNREFUSED$/),
          },
        ],
      },
    });
    expect(api.sent.map(({ worker, command }) => [worker.id, command.mirror_id, command.options])).toEqual([
      ['w1', 'debian', { force: true }],
      ['w1', 'debian-cd', { force: true }],
      ['w2', 'debian', { force: true }],
      ['w3', 'debian', { force: true }],
    ]);
    expect((await api.post('/api/commands', { cmd: 'stop', glob: '*', worker: 'w2' })).json).toMatchObject({
      results: [{ worker: 'w2', name: 'debian', ok: false }],
    });
    expect(api.store.status('w2', 'debian')?.status).toBe('paused');
    expect((await api.post('/api/commands', { cmd: 'stop', glob: 'nothing*' })).json).toEqual({
      results: [],
    });
  });

  test('go to those that are listed, a few at a time and in any number', async () => {
    await using api = await startApi(way);
    const names = Array.from({ length: 1000 }, (_, index) => `m${index}`);
    await register(api, 'w1');
    await api.store.write(names.map((name) => ({ type: 'put-status', status: reportOf(name) })));
    let running = 0;
    let most = 0;
    api.answer = async () => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
      return { status: 200, message: 'OK' };
    };
    const jobs = names.map((name) => ({ worker: 'w1', name }));
    const { results } = (await api.post('/api/commands', { cmd: 'disable', jobs })).json as ApiCommandReply;
    expect(results).toEqual(jobs.map((job) => ({ ...job, ok: true, message: 'OK' })));
    expect(most).toBeLessThanOrEqual(16);
    expect(api.store.status('w1', 'm999')?.status).toBe('disabled');
    const mixed = [
      { worker: 'nope', name: 'm1' },
      { worker: 'w1', name: 'm1' },
    ];
    expect((await api.post('/api/commands', { cmd: 'start', jobs: mixed })).json).toEqual({
      results: [
        { worker: 'nope', name: 'm1', ok: false, message: 'worker nope is not registered yet' },
        { worker: 'w1', name: 'm1', ok: true, message: 'OK' },
      ],
    });
    await api.store.write([{ type: 'put-status', status: reportOf('m1000') }]);
    expect(await api.post('/api/commands', { cmd: 'start', glob: '*' })).toMatchObject({
      status: 400,
      json: { error: 'glob: expected to fit at most 1000 jobs; it fits 1001' },
    });
  });

  test('for a job that is named twice go out once', async () => {
    await using api = await startApi(way);
    await register(api, 'w1', 'a', 'b');
    const [a, b] = ['a', 'b'].map((name) => ({ worker: 'w1', name }));
    expect((await api.post('/api/commands', { cmd: 'restart', jobs: [a, b, a] })).json).toEqual({
      results: [a, b].map((job) => ({ ...job, ok: true, message: 'OK' })),
    });
    expect(api.sent.map(({ command }) => command.mirror_id)).toEqual(['a', 'b']);
  });

  test('do not wait for a worker that does not answer for each job; the others are not held up', async () => {
    await using api = await startApi(way);
    await register(api, 'deaf');
    await register(api, 'w1', 'z');
    const names = Array.from({ length: 900 }, (_, index) => `m${index}`);
    await api.store.write(
      names.map((name) => ({ type: 'put-status', status: { ...reportOf(name), worker: 'deaf' } })),
    );
    const silent: (() => void)[] = [];
    api.answer = ({ id }) =>
      id === 'deaf'
        ? new Promise((_, reject) =>
            silent.push(() => {
              reject(new TunasyncError('CLIENT_TIMEOUT', 'no answer'));
            }),
          )
        : Promise.resolve({ status: 200, message: 'OK' });
    const answer = api.post('/api/commands', { cmd: 'stop', glob: '*' });
    await waitFor('the other worker to be told', () => api.sent.some(({ worker }) => worker.id === 'w1'));
    await waitFor('the commands under way', () => silent.length === 8);
    for (const giveUp of silent) giveUp();
    const { results } = (await answer).json as ApiCommandReply;
    expect(results).toHaveLength(901);
    expect(results.filter(({ ok }) => ok)).toEqual([{ worker: 'w1', name: 'z', ok: true, message: 'OK' }]);
    const messages = results.filter(({ worker }) => worker === 'deaf').map(({ message }) => message);
    expect(new Set(messages)).toEqual(
      new Set([
        'worker deaf did not answer in time: the command is sent, but not confirmed',
        'worker deaf did not answer in time to other commands: this one was not sent',
      ]),
    );
    expect(silent).toHaveLength(8);
    // what the client wants is kept all the same, as for each command
    expect(api.store.status('deaf', 'm899')?.status).toBe('paused');
    // the next time it is asked again
    const again = api.post('/api/commands', { cmd: 'start', jobs: [{ worker: 'deaf', name: 'm1' }] });
    await waitFor('it to be asked', () => silent.length === 9);
    silent[8]?.();
    expect((await again).json).toMatchObject({ results: [{ ok: false }] });
  });

  test('go on after a connection that broke', async () => {
    await using api = await startApi(way);
    const names = Array.from({ length: 30 }, (_, index) => `m${index}`);
    await register(api, 'w1');
    await api.store.write(names.map((name) => ({ type: 'put-status', status: reportOf(name) })));
    api.answer = (_, { mirror_id }) =>
      mirror_id === 'm3' || mirror_id === 'm4'
        ? Promise.reject(new TypeError('read ECONNRESET'))
        : Promise.resolve({ status: 200, message: 'OK' });
    const { results } = (await api.post('/api/commands', { cmd: 'start', glob: '*' }))
      .json as ApiCommandReply;
    expect(results.filter(({ ok }) => !ok).map(({ name }) => name)).toEqual(['m3', 'm4']);
    expect(api.sent).toHaveLength(30);
  });

  test('are given up when the database cannot be written: nothing more goes out', async () => {
    const store = memoryStore();
    let full = false;
    const backEnd = {
      ...store,
      write: (changes: Parameters<typeof store.write>[0]) =>
        full ? Promise.reject(new Error('no space left')) : store.write(changes),
    };
    await using api = await startApi(way, { backEnd });
    const names = Array.from({ length: 100 }, (_, index) => `m${index}`);
    await register(api, 'w1');
    await api.store.write(names.map((name) => ({ type: 'put-status', status: reportOf(name) })));
    await api.store.write([{ type: 'put-stop', stop: { worker: 'w1', name: 'm0', at: 1 } }]);
    let under = 0;
    api.answer = async () => {
      under += 1;
      await new Promise((resolve) => setImmediate(resolve));
      under -= 1;
      return { status: 200, message: 'OK' };
    };
    full = true;
    expect(await api.post('/api/commands', { cmd: 'start', glob: '*' })).toMatchObject({ status: 500 });
    expect(under).toBe(0);
    expect(api.sent.length).toBeLessThan(20);
  });

  test.each([
    [{ cmd: 'reload', glob: '*' }, /^cmd: expected one of "start", "stop", "disable", "restart"$/],
    [{ cmd: 'start' }, /^jobs: expected either jobs or glob$/],
    [
      { cmd: 'start', glob: '*', jobs: [{ worker: 'w1', name: 'a' }] },
      /^jobs: expected either jobs or glob$/,
    ],
    [{ cmd: 'start', jobs: [] }, /^jobs: /],
    [{ cmd: 'start', jobs: [{ worker: '', name: 'a' }] }, /^jobs: expected the worker of each$/],
    [{ cmd: 'start', glob: '' }, /^glob: /],
  ])('%j is refused, and nothing is sent', async (body, error) => {
    await using api = await startApi(way);
    await register(api, 'w1', 'a');
    expect(await api.post('/api/commands', body)).toMatchObject({
      status: 400,
      json: { error: expect.stringMatching(error) },
    });
    expect(api.sent).toEqual([]);
  });

  test('of a page of another site are refused', async () => {
    await using api = await startApi(way);
    await register(api, 'w1', 'a');
    const headers = { 'sec-fetch-site': 'cross-site' };
    expect(await api.post('/api/commands', { cmd: 'stop', glob: '*' }, headers)).toMatchObject({
      status: 403,
    });
    expect(api.sent).toEqual([]);
  });
});

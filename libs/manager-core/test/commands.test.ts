import { describe, expect, test } from '@jest/globals';
import { TimeoutError, UnreachableError } from '@tunasync/client';
import { zeroTime, type MirrorStatus } from '@tunasync/protocol';
import type { CommandSender } from '../src/index.js';
import { register, reportOf, startApi, ways, type Api } from './api.js';

const statusOf = async (api: Api, worker: string, mirror: string): Promise<MirrorStatus | undefined> =>
  ((await api.get(`/workers/${worker}/jobs`)).json as MirrorStatus[]).find(({ name }) => name === mirror);

const answers =
  (status: number, message: string): CommandSender =>
  () =>
    Promise.resolve({ status, message });
const success = (worker: string): object => ({
  status: 200,
  json: { message: `successfully send command to worker ${worker}` },
});

describe.each(ways)('/cmd, %s', (way) => {
  test.each(['start', 'stop', 'disable', 'restart', 'ping'])(
    '%s goes to the worker as it came',
    async (cmd) => {
      await using api = await startApi(way);
      await register(api, 'w1', 'a');
      const command = { cmd, mirror_id: 'a', args: ['x'], options: { force: true } };
      expect(await api.post('/cmd', { ...command, worker_id: 'w1' })).toMatchObject(success('w1'));
      expect(api.sent.map(({ worker, command: sent }) => [worker.url, sent])).toEqual([
        ['http://w1.example:6000/', command],
      ]);
    },
  );

  test('reload is for the whole worker: no mirror is named', async () => {
    await using api = await startApi(way);
    await register(api, 'w1', 'a');
    await api.post('/cmd', { cmd: 'reload', worker_id: 'w1', mirror_id: 'a' });
    expect(api.sent.map(({ command }) => command)).toEqual([
      { cmd: 'reload', mirror_id: '', args: null, options: null },
    ]);
  });

  test('stop and disable are stored before the worker is asked', async () => {
    await using api = await startApi(way);
    await register(api, 'w1', 'a', 'b');
    const next_schedule = '2027-01-01T00:00:00Z';
    await api.post('/workers/w1/schedules', {
      schedules: ['a', 'b'].map((name) => ({ name, next_schedule })),
    });
    const seen: unknown[] = [];
    api.answer = async (_, { mirror_id }) => {
      seen.push((await statusOf(api, 'w1', mirror_id))?.status);
      return { status: 200, message: 'OK' };
    };
    await api.post('/cmd', { cmd: 'stop', mirror_id: 'a', worker_id: 'w1' });
    await api.post('/cmd', { cmd: 'disable', mirror_id: 'b', worker_id: 'w1' });
    expect(seen).toEqual(['paused', 'disabled']);
    expect(await statusOf(api, 'w1', 'a')).toMatchObject({ status: 'paused', next_schedule: zeroTime });
    // the worker reports the state, and with it that the mirror is not due
    await api.post('/workers/w1/jobs/b', reportOf('b', { status: 'disabled' }));
    expect(await statusOf(api, 'w1', 'b')).toMatchObject({ status: 'disabled', next_schedule: zeroTime });
  });

  test.each(['start', 'restart', 'ping'])('%s stores nothing', async (cmd) => {
    await using api = await startApi(way);
    await register(api, 'w1', 'a');
    const before = await statusOf(api, 'w1', 'a');
    await api.post('/cmd', { cmd, mirror_id: 'a', worker_id: 'w1' });
    expect(await statusOf(api, 'w1', 'a')).toEqual(before);
  });

  test.each(['stop', 'disable'])(
    'defect 5: a %s of a mirror that is not known stores nothing, and its refusal is shown',
    async (cmd) => {
      await using api = await startApi(way);
      await register(api, 'w1');
      api.answer = answers(404, "Mirror ``nope'' not found");
      expect(await api.post('/cmd', { cmd, mirror_id: 'nope', worker_id: 'w1' })).toMatchObject({
        status: 502,
        json: { error: "worker w1: Mirror ``nope'' not found" },
      });
      expect((await api.get('/jobs')).json).toEqual([]);
    },
  );

  test('a mirror that is out of the file already can be disabled and flushed', async () => {
    await using api = await startApi(way);
    await register(api, 'w1', 'a');
    api.answer = answers(404, "Mirror ``a'' not found");
    expect(await api.post('/cmd', { cmd: 'disable', mirror_id: 'a', worker_id: 'w1' })).toMatchObject(
      success('w1'),
    );
    await api.delete('/jobs/disabled');
    expect((await api.get('/jobs')).json).toEqual([]);
  });

  test("defect 3: an old worker's 404 to reload is success", async () => {
    await using api = await startApi(way);
    await register(api, 'w1');
    api.answer = answers(404, "Mirror ``'' not found");
    expect(await api.post('/cmd', { cmd: 'reload', worker_id: 'w1' })).toMatchObject(success('w1'));
  });

  test.each([
    ['start', 404],
    ['restart', 404],
    ['ping', 404],
    ['start', 406],
    ['stop', 500],
    ['reload', 500],
  ])("defect 4: a %s that the worker refuses with %i is the client's error", async (cmd, status) => {
    await using api = await startApi(way);
    await register(api, 'w1', 'a');
    api.answer = answers(status, 'worker.conf:3: no name');
    const mirror_id = cmd === 'reload' ? '' : 'a';
    expect(await api.post('/cmd', { cmd, mirror_id, worker_id: 'w1' })).toMatchObject({
      status: 502,
      json: { error: 'worker w1: worker.conf:3: no name' },
    });
  });

  test('a worker that cannot be reached is told with its URL, without its password; the stop holds', async () => {
    await using api = await startApi(way);
    await api.post('/workers', { id: 'w1', url: 'http://me:hush@w1.example:6000/' });
    await api.post('/workers/w1/jobs/a', reportOf('a'));
    api.answer = () =>
      Promise.reject(new UnreachableError('http://w1.example:6000/', 'refused', 'connection refused'));
    expect(await api.post('/cmd', { cmd: 'stop', mirror_id: 'a', worker_id: 'w1' })).toMatchObject({
      status: 500,
      json: {
        error:
          'post command to worker w1(http://w1.example:6000/) fail: cannot reach http://w1.example:6000/: connection refused',
      },
    });
    expect(await statusOf(api, 'w1', 'a')).toMatchObject({ status: 'paused' });
    expect(JSON.stringify(api.logger.lines)).not.toContain('hush');
    const loud = api.logger.lines.filter(({ level }) => level === 'warn' || level === 'error');
    expect(loud.map(({ level, message }) => `${level}: ${message}`)).toEqual([
      "warn: Cannot post 'stop a' to worker w1: cannot reach http://w1.example:6000/: connection refused",
    ]);
  });

  test('a worker that takes too long: sent, not confirmed', async () => {
    await using api = await startApi(way);
    await register(api, 'w1', 'a');
    api.answer = () => Promise.reject(new TimeoutError('http://w1.example:6000/', 4500));
    expect(await api.post('/cmd', { cmd: 'restart', mirror_id: 'a', worker_id: 'w1' })).toMatchObject({
      status: 504,
      json: { error: 'worker w1 did not answer in time: the command is sent, but not confirmed' },
    });
  });

  test('defect 16: without a worker the command goes to the one that has the mirror', async () => {
    await using api = await startApi(way);
    await register(api, 'w1', 'a', 'both');
    await register(api, 'w2', 'b', 'both');
    expect(await api.post('/cmd', { cmd: 'start', mirror_id: 'b' })).toMatchObject(success('w2'));
    expect(api.sent.map(({ worker }) => worker.id)).toEqual(['w2']);
    expect(await api.post('/cmd', { cmd: 'start', mirror_id: 'both', worker_id: null })).toMatchObject({
      status: 400,
      json: { error: "several workers have a mirror 'both': w1, w2; give worker_id" },
    });
    expect(await api.post('/cmd', { cmd: 'start', mirror_id: 'zz' })).toMatchObject({
      status: 400,
      json: { error: "no worker has a mirror 'zz'; give worker_id" },
    });
    expect(api.sent).toHaveLength(1);
  });

  test.each([
    [{ cmd: 'start', mirror_id: 'a', worker_id: 'nope' }, 'worker nope is not registered yet'],
    [{ cmd: 'start', worker_id: 'w1' }, 'mirror_id: expected the mirror to start'],
    [{ cmd: 'ping' }, 'mirror_id: expected the mirror to ping'],
    [{ cmd: 'reload' }, 'worker_id: expected the worker to reload'],
    [
      { cmd: 'bogus', mirror_id: 'a', worker_id: 'w1' },
      'cmd: expected one of "start", "stop", "disable", "restart", "ping", "reload"',
    ],
    [
      { mirror_id: 'a', worker_id: 'w1' },
      'cmd: expected one of "start", "stop", "disable", "restart", "ping", "reload"',
    ],
    [
      { cmd: 'start', mirror_id: 'a', worker_id: 'w1', options: { force: 'yes' } },
      'options.force: expected boolean, received string',
    ],
    [{ cmd: 'start', mirror_id: 'a', worker_id: 'w1', args: 'x' }, 'args: expected array, received string'],
  ])('defect 19: %j is refused and nothing is sent', async (command, error) => {
    await using api = await startApi(way);
    await register(api, 'w1', 'a');
    const before = (await api.get('/jobs')).json;
    expect(await api.post('/cmd', command)).toMatchObject({ status: 400, json: { error } });
    expect(api.sent).toEqual([]);
    expect((await api.get('/jobs')).json).toEqual(before);
  });
});

describe('a late report', () => {
  const at = (api: Api): string => new Date(api.clock.now()).toISOString();

  test('does not undo a newer stop, until the mirror is started again', async () => {
    await using api = await startApi();
    await register(api, 'w1', 'a');
    const last_started = at(api);
    await api.clock.advance(60_000);
    await api.post('/cmd', { cmd: 'stop', mirror_id: 'a', worker_id: 'w1' });
    await api.clock.advance(60_000);
    await api.post('/workers/w1/jobs/a', reportOf('a', { status: 'syncing', last_started }));
    expect(await statusOf(api, 'w1', 'a')).toMatchObject({ status: 'paused' });
    await api.post('/workers/w1/jobs/a', reportOf('a', { status: 'pre-syncing', last_started: at(api) }));
    expect(await statusOf(api, 'w1', 'a')).toMatchObject({ status: 'pre-syncing' });
    await api.post('/workers/w1/jobs/a', reportOf('a', { status: 'syncing', last_started }));
    expect(await statusOf(api, 'w1', 'a')).toMatchObject({ status: 'syncing' });
  });

  test('counts after a start, whatever the clock of the worker says', async () => {
    await using api = await startApi();
    await register(api, 'w1', 'a');
    const last_started = at(api);
    await api.clock.advance(60_000);
    await api.post('/cmd', { cmd: 'disable', mirror_id: 'a', worker_id: 'w1' });
    await api.post('/cmd', { cmd: 'start', mirror_id: 'a', worker_id: 'w1' });
    await api.post('/workers/w1/jobs/a', reportOf('a', { status: 'pre-syncing', last_started }));
    expect(await statusOf(api, 'w1', 'a')).toMatchObject({ status: 'pre-syncing' });
  });
});

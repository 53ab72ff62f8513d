import { describe, expect, test } from '@jest/globals';
import type { Hook, HookContext, HookPlugin } from '@tunasync/hooks';
import { toUnixMillis, TunasyncError, zeroTime } from '@tunasync/protocol';
import { engineRig } from './support/engine-rig.js';
import { fakeProvider } from './support/fake-provider.js';
import { mirrorOf } from './support/mirror.js';

/** A hook that writes down its stages and does what the test says. */
function recordingHook(does: Partial<Record<keyof Hook, (context: HookContext) => Promise<void>>> = {}) {
  const stages: string[] = [];
  const note = (stage: 'preJob' | 'preExec' | 'postExec' | 'postSuccess' | 'postFail') => ({
    [stage]: async (context: HookContext) => {
      stages.push(`${stage} ${context.attempt}`);
      await does[stage]?.(context);
    },
  });
  const hook: Hook = {
    name: 'recorder',
    ...note('preJob'),
    ...note('preExec'),
    ...note('postExec'),
    ...note('postSuccess'),
    ...note('postFail'),
  };
  const plugin: HookPlugin = { name: 'recorder', create: () => hook };
  return { stages, hooks: [plugin] };
}

const fails = (why: string) => () => Promise.reject(new TunasyncError('TEST', why));

describe('a good run', () => {
  test('is told with its true times, its size and when the next one is due', async () => {
    const rig = engineRig([mirrorOf('m', { isMaster: false, intervalMinutes: 90 })], {
      providers: [fakeProvider({ size: '1.33T' })],
    });
    const begin = rig.clock.now();
    await rig.worker.start();
    await rig.clock.advance(0);
    await rig.clock.advance(5000);
    rig.executor.of('m').end();
    await rig.settle();
    const millis = rig.reports.map(
      ({ status, last_started, last_ended, last_update, next_schedule, size }) => ({
        status,
        started: toUnixMillis(last_started) - begin,
        ended: last_ended === zeroTime ? 'never' : toUnixMillis(last_ended) - begin,
        updated: last_update === zeroTime ? 'never' : toUnixMillis(last_update) - begin,
        next: next_schedule === zeroTime ? 'never' : toUnixMillis(next_schedule) - begin,
        size,
      }),
    );
    const before = { started: 0, ended: 'never', updated: 'never', next: 'never', size: 'unknown' };
    expect(millis).toEqual([
      { status: 'pre-syncing', ...before },
      { status: 'syncing', ...before },
      { status: 'success', started: 0, ended: 5000, updated: 5000, next: 5000 + 90 * 60_000, size: '1.33T' },
    ]);
    expect(rig.reports[2]).toMatchObject({
      name: 'm',
      worker: 'w1',
      is_master: false,
      upstream: 'rsync://u.example.org/m/',
      error_msg: '',
    });
    expect(rig.schedules.at(-1)?.map(({ name }) => name)).toEqual(['m']);
    await rig.worker.stop();
  });

  test('is followed by the next one after the interval, at once', async () => {
    const rig = engineRig(['m']);
    await rig.worker.start();
    await rig.settle();
    rig.executor.of('m').end();
    await rig.settle();
    await rig.clock.advance(60 * 60_000 - 1);
    expect(rig.executor.started).toHaveLength(1);
    await rig.clock.advance(1);
    expect(rig.executor.started).toHaveLength(2);
    await rig.worker.stop();
  });

  test('runs its hooks in their order, and the second command after the first', async () => {
    const { hooks, stages } = recordingHook();
    const rig = engineRig(['m'], { hooks, providers: [fakeProvider({ stages: 2 })] });
    await rig.worker.start();
    await rig.settle();
    rig.executor.of('m').end();
    await rig.settle();
    expect(rig.executor.started.map(({ spec }) => spec.argv)).toEqual([
      ['m', '1'],
      ['m', '2'],
    ]);
    expect(stages).toEqual(['preJob 0', 'preExec 1']);
    rig.executor.of('m').end();
    await rig.settle();
    expect(stages).toEqual(['preJob 0', 'preExec 1', 'postExec 1', 'postSuccess 1']);
    expect(rig.told('m')).toEqual(['pre-syncing', 'syncing', 'success']);
    expect(rig.executor.cleaned).toEqual(rig.executor.started.map(({ handle }) => handle));
    await rig.worker.stop();
  });

  test('keeps a size that is known when the provider tells none', async () => {
    let size: string | undefined = '5G';
    const rig = engineRig(['m'], {
      providers: [
        {
          name: 'fake',
          create: (mirror) => ({
            ...fakeProvider().create(mirror),
            inspect: () => Promise.resolve({ ok: true, ...(size !== undefined && { size }) }),
          }),
        },
      ],
    });
    await rig.worker.start();
    await rig.settle();
    rig.executor.of('m').end();
    await rig.settle();
    size = undefined;
    await rig.worker.command({ verb: 'start', mirror: 'm' });
    await rig.settle();
    rig.executor.of('m').end();
    await rig.settle();
    expect(rig.reports.filter(({ status }) => status === 'success').map((report) => report.size)).toEqual([
      '5G',
      '5G',
    ]);
    await rig.worker.stop();
  });
});

describe('failed attempts', () => {
  test('defect 11: are followed by a pause, each is told, and only the last one schedules', async () => {
    const { hooks, stages } = recordingHook();
    const rig = engineRig([mirrorOf('m', { retry: 3 })], { hooks });
    await rig.worker.start();
    await rig.settle();
    rig.executor.of('m').end(3);
    await rig.settle();
    expect(rig.job('m')).toMatchObject({
      state: 'running',
      status: 'failed',
      errorMsg: 'exit status 3',
      waits: { for: 'retry', until: rig.clock.now() + 30_000 },
    });
    await rig.clock.advance(29_999);
    expect(rig.executor.started).toHaveLength(1);
    await rig.clock.advance(1);
    expect(rig.job('m').waits).toBeUndefined();
    expect(rig.job('m').attempt).toBe(2);
    rig.executor.of('m').end(4);
    await rig.settle();
    await rig.clock.advance(59_999);
    expect(rig.executor.started).toHaveLength(2);
    await rig.clock.advance(1);
    rig.executor.of('m').end(5);
    await rig.settle();
    expect(rig.told('m')).toEqual([
      'pre-syncing',
      'syncing',
      'failed exit status 3',
      'syncing',
      'failed exit status 4',
      'syncing',
      'failed exit status 5',
    ]);
    const next = rig.reports.map(({ next_schedule }) => next_schedule === zeroTime);
    expect(next).toEqual([true, true, true, true, true, true, false]);
    expect(rig.job('m')).toMatchObject({ state: 'ready', nextDue: rig.clock.now() + 60 * 60_000 });
    expect(stages).toEqual([
      'preJob 0',
      ...[1, 2, 3].flatMap((n) => [`preExec ${n}`, `postExec ${n}`, `postFail ${n}`]),
    ]);
    await rig.worker.stop();
  });

  test('a later attempt may be good', async () => {
    const rig = engineRig([mirrorOf('m', { retry: 2 })], { retryDelayMs: 10, retryDelayMaxMs: 10 });
    await rig.worker.start();
    await rig.settle();
    rig.executor.of('m').end(1);
    await rig.settle();
    await rig.clock.advance(10);
    rig.executor.of('m').end(0);
    await rig.settle();
    expect(rig.told('m').slice(2)).toEqual(['failed exit status 1', 'syncing', 'success']);
    expect(rig.executor.started).toHaveLength(2);
    await rig.worker.stop();
  });

  test('the second command of an attempt does not follow a failed first', async () => {
    const rig = engineRig(['m'], { providers: [fakeProvider({ stages: 2 })] });
    await rig.worker.start();
    await rig.settle();
    rig.executor.of('m').end(23);
    await rig.settle();
    expect(rig.executor.started).toHaveLength(1);
    expect(rig.told('m').at(-1)).toBe('failed exit status 23');
    await rig.worker.stop();
  });

  test('a pause between attempts is cut short by a stop and by a restart', async () => {
    const rig = engineRig([mirrorOf('m', { retry: 5 })]);
    await rig.worker.start();
    await rig.settle();
    rig.executor.of('m').end(1);
    await rig.settle();
    await rig.worker.command({ verb: 'restart', mirror: 'm' });
    await rig.settle();
    expect(rig.told('m').slice(-3)).toEqual(['failed killed by manager', 'pre-syncing', 'syncing']);
    rig.executor.of('m').end(1);
    await rig.settle();
    await rig.worker.command({ verb: 'stop', mirror: 'm' });
    await rig.settle();
    expect(rig.job('m').state).toBe('paused');
    expect(rig.told('m').slice(-2)).toEqual(['failed exit status 1', 'paused exit status 1']);
    await rig.worker.stop();
    expect(rig.clock.pending).toBe(0);
  });

  test('a timeout ends the command and says so as Go does', async () => {
    const rig = engineRig([mirrorOf('m', { timeoutSeconds: 3600, retry: 1 })]);
    rig.executor.killTakesMs = 2000;
    await rig.worker.start();
    await rig.settle();
    await rig.clock.advance(3_599_999);
    expect(rig.executor.of('m').terminations).toBe(0);
    await rig.clock.advance(2001);
    expect(rig.executor.of('m').terminations).toBe(1);
    expect(rig.told('m').at(-1)).toBe('failed m timeout after 1h0m0s');
    expect(rig.job('m').state).toBe('ready');
    await rig.worker.stop();
    expect(rig.clock.pending).toBe(0);
  });

  test('a timeout counts for both commands of an attempt together, and per attempt', async () => {
    const rig = engineRig([mirrorOf('m', { timeoutSeconds: 100, retry: 2 })], {
      providers: [fakeProvider({ stages: 2 })],
      retryDelayMs: 1000,
    });
    await rig.worker.start();
    await rig.settle();
    await rig.clock.advance(60_000);
    rig.executor.of('m').end();
    await rig.clock.advance(40_000);
    expect(rig.told('m').at(-1)).toBe('failed m timeout after 1m40s');
    await rig.clock.advance(1000);
    await rig.clock.advance(99_000);
    rig.executor.of('m').end();
    await rig.settle();
    rig.executor.of('m').end();
    await rig.settle();
    expect(rig.told('m').at(-1)).toBe('success');
    await rig.worker.stop();
  });

  test('a provider that throws, and one that cannot read its result, fail the attempt', async () => {
    const broken = (what: 'commands' | 'inspect') =>
      engineRig(['m'], {
        providers: [
          {
            name: 'fake',
            create: (mirror) => ({
              ...fakeProvider().create(mirror),
              [what]: () => {
                throw new TunasyncError('TEST', `${what} went wrong`);
              },
            }),
          },
        ],
      });
    for (const what of ['commands', 'inspect'] as const) {
      const rig = broken(what);
      await rig.worker.start();
      await rig.settle();
      for (const execution of rig.executor.running) execution.end();
      await rig.settle();
      expect(rig.told('m')).toEqual(['pre-syncing', 'syncing', `failed ${what} went wrong`]);
      await rig.worker.stop();
    }
  });

  test('a stop while the result is being read ends that, too', async () => {
    const rig = engineRig(['m'], {
      providers: [
        {
          name: 'fake',
          create: (mirror) => ({
            ...fakeProvider().create(mirror),
            inspect: ({ signal }) =>
              new Promise((resolve) => {
                signal?.addEventListener('abort', () => {
                  resolve({ ok: false, message: 'the search was given up' });
                });
              }),
          }),
        },
      ],
    });
    await rig.worker.start();
    await rig.settle();
    rig.executor.of('m').end();
    await rig.settle();
    expect(rig.job('m').state).toBe('running');
    await rig.worker.stop();
    expect(rig.told('m').at(-1)).toBe('failed killed by manager');
  });

  test('what cannot be started fails the attempt with the reason, and the next one is tried', async () => {
    const rig = engineRig([mirrorOf('m', { retry: 2 })], { retryDelayMs: 10 });
    rig.executor.broken = new TunasyncError('EXECUTOR_START_FAILED', "cannot run 'rsync': no such program");
    await rig.worker.start();
    await rig.settle();
    rig.executor.broken = undefined;
    await rig.clock.advance(10);
    rig.executor.of('m').end();
    await rig.settle();
    expect(rig.told('m')).toEqual([
      'pre-syncing',
      'syncing',
      "failed cannot run 'rsync': no such program",
      'syncing',
      'success',
    ]);
    await rig.worker.stop();
  });
});

describe('a hook that fails ends the run at once', () => {
  test.each([
    ['preJob', 'pre-job', 0, ['preJob 0'], ['pre-syncing']],
    ['preExec', 'pre-exec', 0, ['preJob 0', 'preExec 1'], ['pre-syncing']],
    ['postExec', 'post-exec', 0, ['preJob 0', 'preExec 1', 'postExec 1'], ['pre-syncing', 'syncing']],
    [
      'postSuccess',
      'post-success',
      0,
      ['preJob 0', 'preExec 1', 'postExec 1', 'postSuccess 1'],
      ['pre-syncing', 'syncing'],
    ],
  ] as const)('%s', async (method, stage, code, stages, told) => {
    const recorder = recordingHook({ [method]: fails('no space left') });
    const rig = engineRig([mirrorOf('m', { retry: 3 })], { hooks: recorder.hooks });
    await rig.worker.start();
    await rig.settle();
    for (const execution of rig.executor.running) execution.end(code);
    await rig.settle();
    expect(recorder.stages).toEqual(stages);
    expect(rig.told('m')).toEqual([...told, `failed error exec hook ${stage}: no space left`]);
    expect(rig.job('m')).toMatchObject({ state: 'ready', nextDue: rig.clock.now() + 60 * 60_000 });
    await rig.worker.stop();
  });

  test('and tells what had failed before', async () => {
    const recorder = recordingHook({ postFail: fails('no space left') });
    const rig = engineRig([mirrorOf('m', { retry: 3 })], { hooks: recorder.hooks });
    await rig.worker.start();
    await rig.settle();
    rig.executor.of('m').end(23);
    await rig.settle();
    expect(rig.told('m').at(-1)).toBe(
      'failed error exec hook post-fail: no space left (after: exit status 23)',
    );
    expect(rig.job('m').state).toBe('ready');
    await rig.worker.stop();
  });
});

describe('a run that is ended', () => {
  test('makes no further attempt, and its post-exec and post-fail hooks run', async () => {
    const { hooks, stages } = recordingHook();
    const rig = engineRig([mirrorOf('m', { retry: 3 })], { hooks });
    await rig.worker.start();
    await rig.settle();
    await rig.worker.command({ verb: 'stop', mirror: 'm' });
    await rig.settle();
    expect(stages).toEqual(['preJob 0', 'preExec 1', 'postExec 1', 'postFail 1']);
    expect(rig.executor.started).toHaveLength(1);
    expect(rig.told('m')).toEqual(['pre-syncing', 'syncing', 'paused']);
    await rig.worker.stop();
  });

  test('between its two commands does not begin the second', async () => {
    const rig = engineRig(['m'], { providers: [fakeProvider({ stages: 2 })] });
    await rig.worker.start();
    await rig.settle();
    await rig.worker.command({ verb: 'disable', mirror: 'm' });
    await rig.settle();
    expect(rig.executor.started).toHaveLength(1);
    expect(rig.job('m').state).toBe('disabled');
    await rig.worker.stop();
  });

  test('during its pre-job hook begins no command', async () => {
    let release: () => void = () => undefined;
    const { hooks, stages } = recordingHook({
      preJob: ({ signal }) =>
        new Promise((resolve) => {
          release = resolve;
          signal.addEventListener('abort', () => {
            release();
          });
        }),
    });
    const rig = engineRig(['m'], { hooks });
    await rig.worker.start();
    await rig.settle();
    expect(stages).toEqual(['preJob 0']);
    await rig.worker.command({ verb: 'restart', mirror: 'm' });
    await rig.settle();
    expect(rig.told('m')).toEqual(['pre-syncing', 'failed killed by manager', 'pre-syncing']);
    release();
    await rig.settle();
    expect(stages).toEqual(['preJob 0', 'preJob 0', 'preExec 1']);
    expect(rig.executor.started).toHaveLength(1);
    await rig.worker.stop();
  });

  test('while its command is being started is ended as soon as that is there', async () => {
    const rig = engineRig(['m']);
    const start = rig.executor.start.bind(rig.executor);
    let release: () => void = () => undefined;
    rig.executor.start = async (...args) => {
      await new Promise<void>((resolve) => {
        release = resolve;
      });
      return await start(...args);
    };
    await rig.worker.start();
    await rig.settle();
    await rig.worker.command({ verb: 'stop', mirror: 'm' });
    await rig.settle();
    expect(rig.job('m').state).toBe('halting');
    release();
    await rig.settle();
    expect(rig.executor.of('m')).toMatchObject({ terminations: 1, gone: true });
    expect(rig.job('m').state).toBe('paused');
    await rig.worker.stop();
  });
});

import { describe, expect, test } from '@jest/globals';
import type { Hook, HookPlugin } from '@tunasync/hooks';
import type { RunRecord } from '@tunasync/protocol';
import { memoryState, type JobRecord, type RunState } from '../src/index.js';
import { newRecord } from '../src/job/report.js';
import { engineRig } from './support/engine-rig.js';
import { fakeProvider } from './support/fake-provider.js';
import { HeldState } from './support/held-state.js';
import { mirrorOf } from './support/mirror.js';

const crashMessage = 'signal: killed: the worker ended during the sync';

/** What a worker that was killed during a sync leaves on disk. */
function left(run: Partial<RunState> = {}, values: Partial<JobRecord> = {}): JobRecord {
  return {
    ...newRecord('m'),
    lastStatus: 'syncing',
    lastStarted: 1000,
    run: {
      id: 'run-1',
      attempt: 1,
      attemptStarted: 1000,
      command: 0,
      handle: { executor: 'fake', id: 'old' },
      logFile: '/nowhere/old.log',
      ...run,
    },
    ...values,
  };
}

function rigWith(record: JobRecord, options: Parameters<typeof engineRig>[1] = {}, mirror = mirrorOf('m')) {
  const stages: string[] = [];
  const note = (stage: string) => (context: { attempt: number; logFile: string }) => {
    stages.push(`${stage} ${context.attempt} ${context.logFile}`);
    return Promise.resolve();
  };
  const hook: Hook = {
    name: 'recorder',
    preJob: note('pre-job'),
    preExec: note('pre-exec'),
    resume: note('resume'),
    postExec: note('post-exec'),
    postSuccess: note('post-success'),
    postFail: note('post-fail'),
  };
  const plugin: HookPlugin = { name: 'recorder', create: () => hook };
  const state = memoryState([record]);
  return { stages, ...engineRig([mirror], { state, hooks: [plugin], ...options }), state };
}

const kept = async (state: { load(): Promise<Map<string, JobRecord>> }): Promise<JobRecord | undefined> =>
  (await state.load()).get('m');

describe('defect 13: a sync that was under way when the worker crashed', () => {
  test('is waited for, and its true result recorded under the same run', async () => {
    const rig = rigWith(left());
    const old = rig.executor.survivor('m', 'old');
    await rig.worker.start();
    await rig.settle();
    expect(rig.job('m')).toMatchObject({ state: 'running', attempt: 1, status: 'syncing' });
    expect(rig.executor.started).toEqual([old]);
    old.end(0);
    await rig.settle();
    expect(rig.told('m')).toEqual(['success']);
    expect(rig.runs).toMatchObject([
      {
        id: 'run-1',
        result: 'success',
        reason: 'ok',
        attempts: 1,
        exit_code: 0,
        log_file: '/nowhere/old.log',
      },
    ]);
    expect(rig.stages).toEqual([
      'resume 1 /nowhere/old.log',
      'post-exec 1 /nowhere/old.log',
      'post-success 1 /nowhere/old.log',
    ]);
    expect(rig.executor.cleaned).toEqual([{ executor: 'fake', id: 'old' }]);
    expect((await kept(rig.state))?.run).toBeNull();
    await rig.worker.stop();
  });

  test('that ended meanwhile and failed is followed by the next attempt', async () => {
    const rig = rigWith(left(), {}, mirrorOf('m', { retry: 2 }));
    rig.executor.survivor('m', 'old').end(3);
    await rig.worker.start();
    await rig.settle();
    expect(rig.told('m')).toEqual(['failed exit status 3']);
    expect(rig.job('m').waits).toMatchObject({ for: 'retry' });
    await rig.clock.advance(40_000);
    rig.executor.of('m').end(0);
    await rig.settle();
    expect(rig.runs).toMatchObject([{ id: 'run-1', result: 'success', attempts: 2 }]);
    await rig.worker.stop();
  });

  test('goes on with its next command', async () => {
    const rig = rigWith(left(), { providers: [fakeProvider({ stages: 3 })] });
    const old = rig.executor.survivor('m', 'old');
    await rig.worker.start();
    await rig.settle();
    old.end(0);
    await rig.settle();
    expect(rig.executor.of('m').spec.argv).toEqual(['m', '2']);
    expect((await kept(rig.state))?.run).toMatchObject({ command: 1, attempt: 1 });
    rig.executor.of('m').end(0);
    await rig.settle();
    rig.executor.of('m').end(0);
    await rig.settle();
    expect(rig.runs).toMatchObject([{ result: 'success' }]);
    expect(rig.executor.doubled).toEqual([]);
    await rig.worker.stop();
  });

  test('of which nothing is left (the machine was started anew) counts as a failed attempt', async () => {
    const rig = rigWith(left(), {}, mirrorOf('m', { retry: 2 }));
    await rig.worker.start();
    await rig.settle();
    expect(rig.told('m')).toEqual([`failed ${crashMessage}`]);
    expect(rig.stages).toEqual([
      'resume 1 /nowhere/old.log',
      'post-exec 1 /nowhere/old.log',
      'post-fail 1 /nowhere/old.log',
    ]);
    await rig.clock.advance(40_000);
    rig.executor.of('m').end();
    await rig.settle();
    expect(rig.runs).toMatchObject([{ id: 'run-1', result: 'success', attempts: 2 }]);
    await rig.worker.stop();
  });

  test('of which nothing is left, and that was the last attempt, has failed and is due again', async () => {
    const rig = rigWith(left());
    await rig.worker.start();
    await rig.settle();
    expect(rig.told('m')).toEqual([`failed ${crashMessage}`]);
    expect(rig.runs).toMatchObject([
      { id: 'run-1', result: 'failed', reason: 'crashed', error_msg: crashMessage },
    ]);
    await rig.worker.stop();
  });

  test.each<[string, Partial<RunState>, string[]]>([
    [
      'before its first attempt',
      { attempt: 0, attemptStarted: 0, handle: null, logFile: '' },
      ['pre-job', 'pre-exec 1'],
    ],
    ['before a command was begun', { handle: null }, ['pre-exec 1']],
    ['between two attempts', { attemptStarted: 0, handle: null }, ['pre-exec 2']],
  ])('%s goes on when its turn comes', async (_, run, stages) => {
    const rig = rigWith(left(run), { concurrent: 1 }, mirrorOf('m', { retry: 2 }));
    await rig.worker.start();
    await rig.settle();
    expect(rig.told('m')).toEqual(['pre-syncing', 'syncing']);
    expect(rig.stages.map((stage) => stage.split(' /')[0])).toEqual(
      stages.map((stage) => expect.stringMatching(`^${stage}`)),
    );
    rig.executor.of('m').end();
    await rig.settle();
    expect(rig.runs).toMatchObject([{ id: 'run-1', result: 'success', started: '1970-01-01T00:00:01Z' }]);
    await rig.worker.stop();
  });

  test('that waits for its turn and is stopped is recorded as killed', async () => {
    const first = left({ id: 'run-0', handle: null }, { name: 'first' });
    const state = memoryState([first, left({ handle: null })]);
    const rig = engineRig(['first', 'm'], { state, concurrent: 1 });
    await rig.worker.start();
    await rig.settle();
    expect(rig.job('m').state).toBe('queued');
    await rig.worker.command({ verb: 'stop', mirror: 'm' });
    await rig.settle();
    expect(rig.job('m').state).toBe('paused');
    expect(rig.runs).toMatchObject([{ id: 'run-1', result: 'killed' }]);
    expect((await state.load()).get('m')?.run).toBeNull();
    await rig.worker.stop();
  });

  test.each(['active', 'paused'] as const)(
    'that was over, of a mirror that is %s, is told again as it was',
    async (mode) => {
      const ended: RunRecord = {
        id: 'run-1',
        name: 'm',
        worker: 'w1',
        started: '1970-01-01T00:00:01Z',
        ended: '1970-01-01T00:00:02Z',
        result: 'success',
        reason: 'ok',
        attempts: 1,
        exit_code: 0,
        error_msg: '',
        size: '1G',
        log_file: '/nowhere/old.log',
      };
      const rig = rigWith(
        left({ ended }, { mode, lastStatus: 'success', lastEnded: 2000, lastUpdate: 2000 }),
      );
      await rig.worker.start();
      await rig.settle();
      expect(rig.runs[0]).toEqual(ended);
      expect(rig.reports.slice(0, 1)).toMatchObject(
        mode === 'active' ? [{ status: 'success', last_ended: '1970-01-01T00:00:02Z' }] : [],
      );
      expect(rig.stages.filter((stage) => stage.startsWith('post'))).toEqual([]);
      await rig.worker.stop();
      expect((await kept(rig.state))?.run).toBeNull();
    },
  );

  test('holds a slot, though all are taken, and starts of the same mirror change nothing', async () => {
    const rig = rigWith(left(), { concurrent: 1 });
    rig.executor.survivor('m', 'old');
    await rig.worker.start();
    await rig.settle();
    expect(await rig.worker.command({ verb: 'start', mirror: 'm', force: true })).toMatchObject({
      status: 200,
    });
    await rig.settle();
    expect(rig.executor.doubled).toEqual([]);
    expect((await rig.worker.facts()).running).toBe(1);
    await rig.worker.stop();
  });

  test.each(['paused', 'disabled'] as const)('of a mirror that was told to be %s is ended', async (mode) => {
    const rig = rigWith(left({}, { mode }));
    const old = rig.executor.survivor('m', 'old');
    await rig.worker.start();
    await rig.settle();
    expect(old.terminations).toBeGreaterThan(0);
    expect(rig.job('m')).toMatchObject({ state: mode, status: mode });
    expect(rig.told('m')).toEqual([]);
    expect(rig.runs).toMatchObject([{ id: 'run-1', result: 'killed' }]);
    await rig.worker.stop();
  });

  test('is ended by a stop like any other', async () => {
    const rig = rigWith(left());
    const old = rig.executor.survivor('m', 'old');
    await rig.worker.start();
    await rig.settle();
    await rig.worker.command({ verb: 'stop', mirror: 'm' });
    await rig.settle();
    expect(old.gone).toBe(true);
    expect(rig.told('m')).toEqual(['paused']);
    await rig.worker.stop();
  });

  test('has what is left of its time, not all of it again', async () => {
    const mirror = mirrorOf('m', { timeoutSeconds: 100 });
    const rig = rigWith(left(), {}, mirror);
    const started = rig.clock.now() - 60_000;
    const again = rigWith(left({ attemptStarted: started }), {}, mirror);
    const old = again.executor.survivor('m', 'old');
    await again.worker.start();
    await again.clock.advance(39_000);
    expect(old.gone).toBe(false);
    await again.clock.advance(2000);
    expect(old.gone).toBe(true);
    expect(again.runs).toMatchObject([{ reason: 'timeout', error_msg: 'm timeout after 1m40s' }]);
    await again.worker.stop();
    await rig.worker.stop();
  });

  test('has no more than all of its time, though the clock was set back', async () => {
    const mirror = mirrorOf('m', { timeoutSeconds: 100 });
    const tomorrow = Date.parse('2026-11-24T12:00:00Z');
    const rig = rigWith(left({ attemptStarted: tomorrow }), {}, mirror);
    const old = rig.executor.survivor('m', 'old');
    expect(rig.clock.now()).toBeLessThan(tomorrow);
    await rig.worker.start();
    await rig.settle();
    await rig.clock.advance(99_000);
    expect(old.gone).toBe(false);
    await rig.clock.advance(1000);
    expect(old.gone).toBe(true);
    await rig.worker.stop();
  });

  test('of an executor that cannot tell is asked for until it can: nothing else begins meanwhile', async () => {
    const rig = rigWith(left());
    const old = rig.executor.survivor('m', 'old');
    rig.executor.blind = new RangeError('the engine does not answer');
    await rig.worker.start();
    await rig.clock.advance(60_000);
    await rig.worker.command({ verb: 'start', mirror: 'm', force: true });
    expect(rig.job('m').state).toBe('running');
    expect(rig.executor.started).toEqual([old]);
    expect(rig.logger.messages('warn')).toEqual([
      'm: cannot look for the sync that was under way, asking until it can be told: the engine does not answer',
    ]);
    rig.executor.blind = undefined;
    await rig.clock.advance(10_000);
    old.end(0);
    await rig.settle();
    expect(rig.runs).toMatchObject([{ id: 'run-1', result: 'success' }]);
    await rig.worker.stop();
  });

  test.each(['stop', 'halt', 'timeout'])('that cannot be told of is given up at a %s', async (how) => {
    const rig = rigWith(left(), {}, mirrorOf('m', { timeoutSeconds: how === 'timeout' ? 100 : 0 }));
    rig.executor.blind = new RangeError('the engine does not answer');
    await rig.worker.start();
    await rig.settle();
    if (how === 'stop') await rig.worker.command({ verb: 'stop', mirror: 'm' });
    else if (how === 'halt') await rig.worker.stop();
    else await rig.clock.advance(120_000);
    await rig.settle();
    expect(rig.runs).toMatchObject([{ reason: how === 'timeout' ? 'timeout' : 'killed' }]);
    await rig.worker.stop();
  });
});

describe('what is on disk while a run is under way', () => {
  test('names the command before it is started', async () => {
    const rig = rigWith(newRecord('m'));
    const atStart: unknown[] = [];
    const start = rig.executor.start.bind(rig.executor);
    rig.executor.start = async (spec, context) => {
      atStart.push((await kept(rig.state))?.run?.handle, { executor: 'fake', id: context.id });
      return start(spec, context);
    };
    await rig.worker.start();
    await rig.settle();
    expect(atStart).toHaveLength(2);
    expect(atStart[0]).toEqual(atStart[1]);
    await rig.worker.stop();
  });

  test('is the run, until its end is on disk', async () => {
    const state = new HeldState();
    const rig = engineRig(['m'], { state });
    await rig.worker.start();
    await rig.settle();
    state.hold();
    rig.executor.of('m').end(0);
    await rig.settle();
    expect((await kept(state))?.run).toMatchObject({ attempt: 1 });
    expect(rig.executor.cleaned).toEqual([]);
    expect(rig.runs).toEqual([]);
    state.release();
    await rig.settle();
    expect((await kept(state))?.run).toBeNull();
    expect(rig.executor.cleaned).toHaveLength(1);
    expect(rig.runs).toHaveLength(1);
    await rig.worker.stop();
  });
});

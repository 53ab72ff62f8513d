import { describe, expect, test } from '@jest/globals';
import { FakeClock } from '@tunasync/test-utils';
import { HookError, HookRunner, type Hook, type HookStage } from '../src/index.js';
import { fixture } from './fixture.js';

const allStages: HookStage[] = ['pre-job', 'pre-exec', 'post-exec', 'post-success', 'post-fail'];

/** Hooks `a`, `b`, `c` that write down their calls; those in `failing` (`b post-exec`) reject. */
function recorded(failing: string[] = []): { runner: HookRunner; calls: string[] } {
  const calls: string[] = [];
  const hooks = ['a', 'b', 'c'].map((name): Hook => {
    const stage = (what: HookStage) => async () => {
      calls.push(`${name} ${what} begins`);
      await new Promise((resolve) => setImmediate(resolve));
      if (failing.includes(`${name} ${what}`)) throw new RangeError(`${name} is out\nof order`);
      calls.push(`${name} ${what}`);
    };
    return {
      name,
      preJob: stage('pre-job'),
      preExec: stage('pre-exec'),
      postExec: stage('post-exec'),
      postSuccess: stage('post-success'),
      postFail: stage('post-fail'),
    };
  });
  return { runner: new HookRunner(hooks), calls };
}

const ended = (calls: string[]): string[] => calls.filter((call) => !call.endsWith(' begins'));

describe('HookRunner', () => {
  test('calls pre stages in order and post stages in reverse, one hook after the other', async () => {
    await using run = await fixture();
    const { runner, calls } = recorded();
    for (const stage of allStages) await runner.run(stage, run.context);
    const order = ['a', 'b', 'c'];
    const expected = allStages.flatMap((stage) =>
      (stage.startsWith('pre') ? order : order.toReversed()).flatMap((name) => [
        `${name} ${stage} begins`,
        `${name} ${stage}`,
      ]),
    );
    expect(calls).toEqual(expected);
    expect(run.lines).toEqual([]);
  });

  test.each<[HookStage, string[]]>([
    ['pre-job', ['a pre-job']],
    ['post-success', ['c post-success']],
    // the others still have to clean up
    ['post-exec', ['c post-exec', 'a post-exec']],
    ['post-fail', ['c post-fail', 'a post-fail']],
    // hooks that were called before clean up immediately
    ['pre-exec', ['a pre-exec', 'a post-exec']],
  ])('when the second hook fails in %s, these are done: %j', async (stage, done) => {
    await using run = await fixture();
    const { runner, calls } = recorded([`b ${stage}`]);
    const error = await runner.run(stage, run.context).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(HookError);
    expect(error).toMatchObject({
      code: 'HOOK_FAILED',
      stage,
      hook: 'b',
      message: `error exec hook ${stage}: b is out of order`,
      cause: expect.any(RangeError),
    });
    expect(ended(calls)).toEqual(done);
    expect(run.lines).toEqual([`error debian: error exec hook ${stage}: b is out of order (b)`]);
  });

  test('when a hook fails in pre-exec, the hooks before it clean up in reverse order', async () => {
    await using run = await fixture();
    const { runner, calls } = recorded(['c pre-exec']);
    await expect(runner.run('pre-exec', run.context)).rejects.toMatchObject({ hook: 'c' });
    expect(ended(calls)).toEqual(['a pre-exec', 'b pre-exec', 'b post-exec', 'a post-exec']);
  });

  test('of several failures the first is thrown and every one is logged', async () => {
    await using run = await fixture();
    const { runner } = recorded(['c post-fail', 'a post-fail']);
    await expect(runner.run('post-fail', run.context)).rejects.toMatchObject({ hook: 'c' });
    expect(run.lines).toEqual([
      'error debian: error exec hook post-fail: c is out of order (c)',
      'error debian: error exec hook post-fail: a is out of order (a)',
    ]);
  });

  test('a hook that fails to clean up after a failed pre-exec does not hide why', async () => {
    await using run = await fixture();
    const { runner } = recorded(['c pre-exec', 'b post-exec']);
    await expect(runner.run('pre-exec', run.context)).rejects.toMatchObject({ stage: 'pre-exec', hook: 'c' });
    expect(run.lines).toHaveLength(2);
  });

  test('a hook without a method is skipped, one that throws synchronously is a failure like any other', async () => {
    await using run = await fixture();
    const throws: Hook = {
      name: 'throws',
      preJob: () => {
        throw new TypeError('at once');
      },
    };
    const runner = new HookRunner([{ name: 'nothing' }, throws]);
    await expect(runner.run('pre-exec', run.context)).resolves.toBeUndefined();
    await expect(runner.run('pre-job', run.context)).rejects.toThrow('error exec hook pre-job: at once');
  });
});

describe('a hook that never returns', () => {
  /** `slow` hangs in every stage until a test ends it; `next` records its calls. */
  function hanging(stopLimitMs?: number) {
    const calls: string[] = [];
    let end: { resolve: () => void; reject: (error: Error) => void } | undefined;
    const hang = (): Promise<void> => new Promise((resolve, reject) => (end = { resolve, reject }));
    const note = (what: string) => (): Promise<void> => Promise.resolve(void calls.push(what));
    const slow: Hook = {
      name: 'slow',
      preJob: hang,
      postExec: hang,
      ...(stopLimitMs !== undefined && { stopLimitMs }),
    };
    const clock = new FakeClock();
    const next: Hook = { name: 'next', preJob: note('pre-job'), postExec: note('post-exec') };
    return { calls, clock, hooks: [slow, next], end: () => end };
  }
  const outcomeOf = (work: Promise<void>): Promise<unknown> => work.catch((error: unknown) => error);

  test('holds a stop up for a limited time, from the stop on, and is named', async () => {
    await using run = await fixture();
    const { calls, clock, hooks } = hanging();
    const outcome = outcomeOf(new HookRunner(hooks, { clock }).run('pre-job', run.context));
    await clock.advance(3_600_000);
    run.stop();
    let over = false;
    void outcome.then(() => (over = true));
    await clock.advance(9_999);
    expect(over).toBe(false);
    await clock.advance(1);
    const message =
      'error exec hook pre-job: gave up waiting for slow, which did not end within 10 s of the stop';
    expect(await outcome).toMatchObject({ code: 'HOOK_FAILED', hook: 'slow', message });
    expect(run.lines).toEqual([`warn debian: ${message}`]);
    expect(calls).toEqual([]);
    expect(clock.pending).toBe(0);
  });

  test('in a run that was stopped before, is given up after its own limit, and the others clean up', async () => {
    await using run = await fixture();
    const { calls, clock, hooks } = hanging(2000);
    run.stop();
    const outcome = outcomeOf(new HookRunner(hooks.toReversed(), { clock }).run('post-exec', run.context));
    await clock.advance(2000);
    expect(await outcome).toMatchObject({
      message:
        'error exec hook post-exec: gave up waiting for slow, which did not end within 2 s of the stop',
    });
    expect(calls).toEqual(['post-exec']);
  });

  test('may fail later without harm', async () => {
    await using run = await fixture();
    const { clock, hooks, end } = hanging();
    run.stop();
    const outcome = outcomeOf(new HookRunner(hooks, { clock, stopLimitMs: 5 }).run('pre-job', run.context));
    await clock.advance(5);
    await outcome;
    end()?.reject(new RangeError('out of order'));
    await clock.advance(0);
    expect(run.lines.at(-1)).toMatch(/^warn debian: slow, which was given up, failed: .*out of order$/);
  });

  test('that ends in time after the stop is a hook like any other', async () => {
    await using run = await fixture();
    const { calls, clock, hooks, end } = hanging();
    const outcome = new HookRunner(hooks, { clock }).run('pre-job', run.context);
    run.stop();
    await clock.advance(9000);
    end()?.resolve();
    await expect(outcome).resolves.toBeUndefined();
    expect([calls, run.lines, clock.pending]).toEqual([['pre-job'], [], 0]);
  });
});

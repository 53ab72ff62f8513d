import { describe, expect, test } from '@jest/globals';
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
    // what was called before cleans up at once
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

  test('a hook without a method is passed over, one that throws at once is a failure like any other', async () => {
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

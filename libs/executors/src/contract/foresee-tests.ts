import assert from 'node:assert/strict';
import type { ExecutionContext, ExecutionHandle } from '../executor/interfaces.js';
import { family, written, type Bench, type Test } from './bench.js';

/** The foreseen handle as a later process reads it; undefined when the executor foresees nothing. */
function foreseen(bench: Bench, context: ExecutionContext): ExecutionHandle | undefined {
  const handle = bench.executor.foresee?.(context);
  return handle === undefined ? undefined : written(handle);
}

/** The requirements for an executor with `foresee`; an executor without it passes. */
export function foreseeTests(test: Test): void {
  test('defect 13: a running command is found by the handle that was foreseen, and waited for', async (bench) => {
    const context = bench.nextContext();
    const handle = foreseen(bench, context);
    if (handle === undefined) return;
    assert.equal(handle.executor, bench.executor.name);
    await bench.sh(`: > "$1/ready"; while ! [ -e "$1/go" ]; do sleep 0.01; done; exit 7`, {}, context);
    await bench.made('ready');
    const again = await (await bench.reopen()).attach(handle);
    assert.ok(again !== undefined);
    await bench.make('go');
    assert.deepEqual(await again.exit, { code: 7, signal: null });
  });

  test('defect 13: a command is found by the handle that was foreseen the moment it was started', async (bench) => {
    const context = bench.nextContext();
    const handle = foreseen(bench, context);
    if (handle === undefined) return;
    const execution = await bench.start(['sleep', '60'], {}, context);
    const again = await (await bench.reopen()).attach(handle);
    assert.ok(again !== undefined);
    await again.terminate();
    bench.assertDeath(await execution.exit, 'SIGTERM');
  });

  test('defect 13: the next process ends all that a foreseen command started', async (bench) => {
    const context = bench.nextContext();
    const handle = foreseen(bench, context);
    if (handle === undefined) return;
    const pipe = await bench.holdPipe();
    await bench.sh(`${family} wait`, {}, context);
    await bench.made('ready');
    const again = await (await bench.reopen()).attach(handle);
    assert.ok(again !== undefined);
    // the handle of the found execution serves as well
    assert.ok((await (await bench.reopen()).attach(written(again.handle))) !== undefined);
    await again.terminate();
    assert.equal(pipe.isHeld(), false);
  });

  test('a foreseen command that has ended gives its true result, until it is forgotten', async (bench) => {
    const context = bench.nextContext();
    const handle = foreseen(bench, context);
    if (handle === undefined) return;
    await (
      await bench.sh('exit 137', {}, context)
    ).exit;
    const executor = await bench.reopen();
    assert.deepEqual(await (await executor.attach(handle))?.exit, { code: 137, signal: null });
    await executor.cleanup(handle);
    await executor.cleanup(handle);
    assert.equal(await (await bench.reopen()).attach(handle), undefined);
  });

  test('a foreseen command that was never started is unknown, whatever else runs', async (bench) => {
    const handle = foreseen(bench, bench.nextContext());
    if (handle === undefined) return;
    const other = await bench.sh('exec sleep 60', {}, { ...bench.nextContext(), mirror: 'debian-cd' });
    assert.equal(await (await bench.reopen()).attach(handle), undefined);
    await bench.executor.cleanup(handle);
    await other.terminate();
    bench.assertDeath(await other.exit, 'SIGTERM');
  });
}

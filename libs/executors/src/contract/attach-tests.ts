import assert from 'node:assert/strict';
import { family, written, type Test } from './bench.js';

/** `attach` and `cleanup`: a later process finds a command by its handle. */
export function attachTests(test: Test): void {
  test('a handle is plain JSON that names the executor', async (bench) => {
    const { handle, exit } = await bench.sh('true');
    await exit;
    assert.equal(handle.executor, bench.executor.name);
    assert.deepEqual(JSON.parse(JSON.stringify(handle)), handle);
  });

  test('defect 13: a running command is found again and waited for', async (bench) => {
    const execution = await bench.sh(`: > "$1/ready"; while ! [ -e "$1/go" ]; do sleep 0.01; done; exit 6`);
    await bench.made('ready');
    const again = await (await bench.reopen()).attach(written(execution.handle));
    assert.ok(again !== undefined);
    await bench.make('go');
    assert.deepEqual(await again.exit, { code: 6, signal: null });
  });

  test('defect 13: a running command is found again and ended', async (bench) => {
    const pipe = await bench.holdPipe();
    const execution = await bench.sh(`${family} wait`);
    await bench.made('ready');
    const again = await (await bench.reopen()).attach(written(execution.handle));
    assert.ok(again !== undefined);
    await again.terminate();
    assert.equal(pipe.isHeld(), false);
  });

  test('a command that ended before it was found gives its true result', async (bench) => {
    const before = Date.now();
    const failed = await bench.sh('exit 137');
    await failed.exit;
    const after = Date.now();
    const killed = await bench.sh('kill -KILL $$');
    await killed.exit;
    const executor = await bench.reopen();
    const again = await executor.attach(written(failed.handle));
    assert.deepEqual(await again?.exit, { code: 137, signal: null });
    // kernels note times in steps of some milliseconds
    const at = again?.endedAt;
    assert.ok(at === undefined || (at >= before - 20 && at <= after), `ended at ${String(at)}`);
    bench.assertDeath(await (await executor.attach(written(killed.handle)))?.exit, 'SIGKILL');
  });

  test('cleanup forgets an execution, also a second time', async (bench) => {
    const execution = await bench.sh('exit 1');
    await execution.exit;
    await bench.executor.cleanup(execution.handle);
    await bench.executor.cleanup(execution.handle);
    assert.equal(await (await bench.reopen()).attach(written(execution.handle)), undefined);
  });

  test('a handle of another executor is unknown', async (bench) => {
    assert.equal(await bench.executor.attach({ executor: 'some other' }), undefined);
  });
}

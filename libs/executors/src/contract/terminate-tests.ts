import assert from 'node:assert/strict';
import { family, type Test } from './bench.js';

/** `terminate`: which processes end, and how. */
export function terminateTests(test: Test): void {
  test('defect 12: terminate ends the command and all that it started', async (bench) => {
    const pipe = await bench.holdPipe();
    const execution = await bench.sh(`${family} wait`);
    await bench.made('ready');
    assert.equal(pipe.isHeld(), true);
    await execution.terminate();
    assert.equal(pipe.isHeld(), false);
    bench.assertDeath(await execution.exit, 'SIGTERM');
  });

  test('defect 12: processes that outlive the command and ignore SIGTERM are killed', async (bench) => {
    const pipe = await bench.holdPipe();
    const execution = await bench.sh(
      `exec 9<>"$1/held"; sh -c 'trap "" TERM; : > "$1/ready"; while :; do sleep 1; done' sh "$1" & wait`,
    );
    await bench.made('ready');
    await execution.terminate(200);
    assert.equal(pipe.isHeld(), false);
  });

  test('terminate lets the command clean up', async (bench) => {
    const execution = await bench.sh(
      `trap 'echo cleaned; exit 9' TERM; trap 'echo left' EXIT; : > "$1/ready"; sleep 60 & wait`,
    );
    await bench.made('ready');
    await execution.terminate(5_000);
    assert.equal(await bench.logText(), 'cleaned\nleft\n');
    assert.deepEqual(await execution.exit, { code: 9, signal: null });
  });

  test('a command that ignores SIGTERM is killed after the grace', async (bench) => {
    const execution = await bench.sh(`trap '' TERM; : > "$1/ready"; while :; do sleep 1; done`);
    await bench.made('ready');
    await execution.terminate(100);
    bench.assertDeath(await execution.exit, 'SIGKILL');
  });

  test('terminate may be repeated, and does nothing after the end', async (bench) => {
    const execution = await bench.sh(`: > "$1/ready"; exec sleep 60`);
    await bench.made('ready');
    await Promise.all([execution.terminate(), execution.terminate(), execution.exit]);
    await execution.terminate();
    const ended = await bench.sh('exit 5');
    await ended.exit;
    await ended.terminate();
    assert.deepEqual(await ended.exit, { code: 5, signal: null });
  });
}

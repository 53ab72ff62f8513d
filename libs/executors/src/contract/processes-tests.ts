import assert from 'node:assert/strict';
import { family, type Test } from './bench.js';

/** `processes`: the pids of a running command. */
export function processesTests(test: Test): void {
  test('`processes` returns the pids of a running command, if it can, and none after the end', async (bench) => {
    const execution = await bench.sh(`${family} wait`);
    if (execution.processes === undefined) {
      await execution.terminate();
      return;
    }
    await bench.made('ready');
    // the command, its child and its grandchild
    await bench.until('three processes', async () => ((await execution.processes?.()) ?? []).length >= 3);
    await execution.terminate();
    assert.deepEqual(await execution.processes(), []);
  });
}

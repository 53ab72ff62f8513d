import assert from 'node:assert/strict';
import { join } from 'node:path';
import { family, type Test } from './bench.js';

/** Exit codes, deaths by signal, and failures to start. */
export function resultTests(test: Test): void {
  test('exit codes are reported', async (bench) => {
    const codes = [0, 1, 23, 126, 137, 143, 255];
    const exits = await Promise.all(codes.map((code) => bench.runBeside(`code-${code}`, `exit ${code}`)));
    assert.deepEqual(
      exits,
      codes.map((code) => ({ code, signal: null })),
    );
  });

  test('deaths by signals are reported', async (bench) => {
    const signals = ['SIGKILL', 'SIGTERM', 'SIGSEGV'] as const;
    const exits = await Promise.all(
      signals.map((signal) => bench.runBeside(signal, `ulimit -c 0; kill -${signal.slice(3)} $$`)),
    );
    for (const [index, signal] of signals.entries()) bench.assertDeath(exits[index], signal);
  });

  test('says clearly that a program is missing', async (bench) => {
    let told: string;
    try {
      const exit = await (await bench.start(['no-such-program-here', 'x'])).exit;
      assert.equal(exit.code, 127);
      told = await bench.logText();
    } catch (error) {
      assert.equal((error as { code?: unknown }).code, 'EXECUTOR_START_FAILED');
      told = (error as Error).message;
    }
    assert.match(told, /no-such-program-here/);
    assert.match(told, /not found|no such file/i);
  });

  test('rejects a log that cannot be opened with EXECUTOR_START_FAILED', async (bench) => {
    await bench.run('true');
    await assert.rejects(bench.run('true', { logFile: join(bench.log, 'below-a-file.log') }), {
      code: 'EXECUTOR_START_FAILED',
    });
  });

  test('ends what the command left running', async (bench) => {
    const pipe = await bench.holdPipe();
    const exit = await bench.run(`${family} while ! [ -e "$1/ready" ]; do sleep 0.01; done; exit 4`);
    assert.deepEqual(exit, { code: 4, signal: null });
    assert.equal(pipe.isHeld(), false);
  });
}

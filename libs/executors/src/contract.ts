import assert from 'node:assert/strict';
import { access, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Bench, family, written } from './contract-bench.js';
import { foreseeTests } from './contract-foresee.js';
import type { ExecutionContext, Executor } from './interfaces.js';

/** An executor that a contract test may use, and how to get rid of it. */
export interface ExecutorUnderTest {
  executor: Executor;
  /** Another executor over the same state, as the next process would make it. */
  reopen(): Promise<Executor> | Executor;
  /** An empty folder that the commands see under the same path. */
  folder: string;
  /** What the executor must know besides the mirror and the id. @defaultValue nothing */
  context?: Omit<ExecutionContext, 'mirror' | 'id'>;
  /**
   * How a death by signal comes out: as the signal's name, or, where nobody tells the executor more than that, as exit
   * code 128 + n.
   * @defaultValue 'name'
   */
  deaths?: 'name' | 'code';
  /**
   * Whether standard output and standard error reach the log by different ways, so that only each by itself keeps its order.
   * @defaultValue false
   */
  separateOutputs?: boolean;
  /** Ends what is left and removes the folder. */
  dispose(): Promise<void>;
}

/** What {@link executorContract} takes. */
export interface ExecutorContractOptions {
  /** Of the test runner. */
  describe: (name: string, body: () => void) => void;
  /** Of the test runner. */
  test: (name: string, body: () => Promise<void>) => void;
  /** Called once for each test. */
  create: () => Promise<ExecutorUnderTest>;
  /** The executor's name in the tests' names. @defaultValue 'an executor' */
  name?: string;
}

const odd = [
  '',
  ' a  b ',
  "it's",
  '"quoted"',
  '$(id)',
  '`id`',
  '*',
  'a\nb\n',
  '\\n',
  '-n',
  'Spiegel-Größe 镜像',
  '; exit 3',
];

/**
 * What every {@link Executor} must do, as tests for any runner. Needs a POSIX shell, `sleep` and `mkfifo`, on this
 * machine and where the commands run.
 */
export function executorContract(options: ExecutorContractOptions): void {
  const { describe, create, name = 'an executor' } = options;
  const test = (title: string, body: (bench: Bench) => Promise<void>): void => {
    options.test(title, async () => {
      const given = await create();
      try {
        await body(new Bench(given));
      } finally {
        await given.dispose();
      }
    });
  };
  describe(name, () => {
    outputTests(test);
    resultTests(test);
    terminateTests(test);
    attachTests(test);
    foreseeTests(test);
    processesTests(test);
  });
}

/** Declares one test of the contract. */
export type Test = (title: string, body: (bench: Bench) => Promise<void>) => void;

function outputTests(test: Test): void {
  test('puts both outputs into the log, in order', async (bench) => {
    const exit = await bench.run('echo one; echo two >&2; echo three; echo four >&2');
    assert.deepEqual(exit, { code: 0, signal: null });
    const text = await bench.logText();
    if (bench.separateOutputs) {
      assert.deepEqual(text.match(/one|three/g), ['one', 'three']);
      assert.deepEqual(text.match(/two|four/g), ['two', 'four']);
      assert.equal(text.length, 'one\ntwo\nthree\nfour\n'.length);
    } else {
      assert.equal(text, 'one\ntwo\nthree\nfour\n');
    }
  });

  test('appends to a log that has something in it', async (bench) => {
    await bench.run('echo first');
    await bench.run('echo second');
    assert.equal(await bench.logText(), 'first\nsecond\n');
  });

  test('gives an empty standard input', async (bench) => {
    assert.deepEqual(await bench.run('cat; echo end'), { code: 0, signal: null });
    assert.equal(await bench.logText(), 'end\n');
  });

  test('makes the working folder and runs the command in it', async (bench) => {
    const cwd = bench.path('deep', 'er');
    await bench.run('pwd -P; : > made-here', { cwd });
    assert.equal(await bench.logText(), `${cwd}\n`);
    await access(join(cwd, 'made-here'));
  });

  test('hands arguments over as they are', async (bench) => {
    const execution = await bench.start(['sh', '-c', 'for a; do printf "<%s>" "$a"; done', 'sh', ...odd]);
    assert.deepEqual(await execution.exit, { code: 0, signal: null });
    assert.equal(await bench.logText(), odd.map((argument) => `<${argument}>`).join(''));
  });

  test('hands the environment over as it is', async (bench) => {
    const env = Object.fromEntries(odd.map((value, i) => [`ODD_${i}`, value]));
    await bench.run(odd.map((_, i) => `printf '<%s>' "$ODD_${i}"`).join(';'), { env });
    assert.equal(await bench.logText(), odd.map((value) => `<${value}>`).join(''));
  });

  test('runs a program by its name, not a builtin of some shell', async (bench) => {
    await mkdir(bench.path('work'), { recursive: true });
    await (
      await bench.start(['printf', '%s|', 'a', 'b'])
    ).exit;
    assert.equal(await bench.logText(), 'a|b|');
    assert.notEqual((await (await bench.start(['exit', '0'])).exit).code, 0);
  });
}

function resultTests(test: Test): void {
  test('tells exit codes', async (bench) => {
    const codes = [0, 1, 23, 126, 137, 143, 255];
    const exits = await Promise.all(codes.map((code) => bench.runBeside(`code-${code}`, `exit ${code}`)));
    assert.deepEqual(
      exits,
      codes.map((code) => ({ code, signal: null })),
    );
  });

  test('tells deaths by signals', async (bench) => {
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

function terminateTests(test: Test): void {
  test('defect 12: terminate ends the command and all that it started', async (bench) => {
    const pipe = await bench.holdPipe();
    const execution = await bench.sh(`${family} wait`);
    await bench.made('ready');
    assert.equal(pipe.isHeld(), true);
    await execution.terminate();
    assert.equal(pipe.isHeld(), false);
    bench.assertDeath(await execution.exit, 'SIGTERM');
  });

  test('defect 12: what outlives the command and ignores SIGTERM is killed', async (bench) => {
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

function attachTests(test: Test): void {
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

  test('a command that has ended meanwhile gives its true result', async (bench) => {
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

function processesTests(test: Test): void {
  test('processes tells who belongs to a running command, if it can, and nobody after its end', async (bench) => {
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

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { waitFor } from '@tunasync/test-utils';
import type { DockerHandle } from '../src/docker/docker-handle.js';
import { describeDocker, type DockerBench } from './docker-bench.js';

const workerFile = fileURLToPath(new URL('./docker-crashing-worker.js', import.meta.url));
const name = 'tunasync-job-debian';
const wait = (file: string): string => `while ! [ -e ${file} ]; do sleep 0.05; done`;

/** Lets a worker start a command and kills it with its whole process group; gives the handle that it had foreseen. */
async function crashed(bench: DockerBench, script: string): Promise<DockerHandle> {
  const worker = spawn(
    process.execPath,
    [
      '--conditions=@tunasync/source',
      workerFile,
      bench.path('state'),
      bench.path('data'),
      bench.engine.image,
      `: > ready; ${script}`,
    ],
    { stdio: ['ignore', 'pipe', 'inherit'], env: bench.engine.env, detached: true },
  );
  const exited = once(worker, 'exit');
  const [line] = (await once(createInterface(worker.stdout), 'line')) as [string];
  await waitFor(
    'the command to run',
    async () => (await readdir(bench.path('data'))).includes('ready'),
    20_000,
  );
  process.kill(-worker.pid!, 'SIGKILL');
  expect(await exited).toEqual([null, 'SIGKILL']);
  return JSON.parse(line) as DockerHandle;
}

/** Kills the docker client and its launcher, as a supervisor does that spares nothing. */
async function killClients(bench: DockerBench): Promise<void> {
  for (const pid of bench.clients('run', name)) process.kill(pid, 'SIGKILL');
  await waitFor('the clients to be gone', () => bench.clients('run', name).length === 0);
}

const log = (bench: DockerBench): Promise<string> => readFile(bench.path('data', 'run.log'), 'utf8');

describeDocker('after the worker was killed', (bench) => {
  test('defect 13: the container continues, is found again, and its result and output are complete', async () => {
    await using _ = await bench.enter();
    const handle = await crashed(bench, `echo one; ${wait('go')}; echo two; exit 23`);
    const again = await bench.executor().attach(handle);
    expect(await again?.processes?.()).not.toEqual([]);
    await writeFile(bench.path('data', 'go'), '');
    expect(await again?.exit).toEqual({ code: 23, signal: null });
    expect(await log(bench)).toBe('one\ntwo\n');
    expect(await bench.containers()).toEqual([]);
  });

  test('defect 13: a container that ended before the next worker starts has its true result, until it is cleaned up', async () => {
    await using _ = await bench.enter();
    const handle = await crashed(bench, `${wait('go')}; exit 24`);
    await writeFile(bench.path('data', 'go'), '');
    await waitFor('the end', async () => (await bench.containers()).length === 0);
    expect(await (await bench.executor().attach(handle))?.exit).toEqual({ code: 24, signal: null });
    const executor = bench.executor();
    await executor.cleanup(handle);
    await executor.cleanup(handle);
    expect(await bench.executor().attach(handle)).toBeUndefined();
    expect(await readdir(bench.path('state'))).toEqual([]);
  });

  test('defect 13: the container of a docker client that was killed too is found and waited for, and its output continues', async () => {
    await using _ = await bench.enter();
    const handle = await crashed(
      bench,
      `echo one; ${wait('go')}; echo two; ${wait('on')}; echo three >&2; exit 25`,
    );
    await killClients(bench);
    await writeFile(bench.path('data', 'go'), '');
    await waitFor('the second line', async () => (await bench.engine.docker('logs', name)).includes('two'));
    const again = await bench.executor().attach(handle);
    expect(again?.handle).toEqual(handle);
    // one and the same follower is enough for two who attach
    await waitFor('the output of the gap', async () => (await log(bench)).includes('two\n'));
    const third = await bench.executor().attach(handle);
    await writeFile(bench.path('data', 'on'), '');
    expect(await again?.exit).toEqual({ code: 25, signal: null });
    expect(await third?.exit).toEqual({ code: 25, signal: null });
    // the line after which the client died may come twice
    expect(await log(bench)).toMatch(/^(one\n){1,2}two\nthree\n$/);
    expect(await (await bench.executor().attach(handle))?.exit).toEqual({ code: 25, signal: null });
  });

  test('defect 13: a container that ended while neither worker nor client watched has its true result, as long as the engine remembers', async () => {
    await using _ = await bench.enter();
    const handle = await crashed(bench, `${wait('go')}; exit 26`);
    await killClients(bench);
    await writeFile(bench.path('data', 'go'), '');
    await waitFor('the end', async () => (await bench.containers()).length === 0);
    expect(await (await bench.executor().attach(handle))?.exit).toEqual({ code: 26, signal: null });
    const executor = bench.executor();
    await executor.cleanup(handle);
    expect(await executor.attach(handle)).toBeUndefined();
  });

  test('defect 13: a container that was found again is ended with all that is in it', async () => {
    await using _ = await bench.enter();
    const handle = await crashed(bench, `sleep 60 & sleep 60; :`);
    await killClients(bench);
    const again = await bench.executor().attach(handle);
    const pids = (await again?.processes?.()) ?? [];
    expect(pids.length).toBe(3);
    await again?.terminate(100);
    expect(await again?.exit).toEqual({ code: 137, signal: null });
    expect(await bench.containers()).toEqual([]);
  });

  test('defect 13: a new run without the handle ends the old one, and the old one is not mistaken for the new one', async () => {
    await using _ = await bench.enter();
    const handle = await crashed(bench, `trap ': > ended; exit' TERM; ${wait('never')}`);
    const next = await bench.start('ls; echo started; sleep 60');
    await bench.says('started');
    expect(await readdir(bench.path('data'))).toContain('ended');
    expect(await bench.log()).toContain('ended\n');
    const old = await bench.executor().attach(handle);
    expect(await old?.exit).toEqual({ code: 0, signal: null });
    await bench.executor().cleanup(handle);
    expect(await bench.containers()).toEqual([name]);
    await next.terminate(0);
  });

  test('a client that is killed while the worker lives is replaced', async () => {
    await using _ = await bench.enter();
    const execution = await bench.start(
      'n=0; while ! [ -e go ]; do n=$((n + 1)); echo $n; sleep 0.05; done; echo end; exit 27',
    );
    await bench.says('1\n');
    await killClients(bench);
    const before = await bench.log();
    await waitFor('more output', async () => (await bench.log()) !== before);
    await writeFile(bench.path('data', 'go'), '');
    expect(await execution.exit).toEqual({ code: 27, signal: null });
    const lines = (await bench.log()).split('\n');
    expect(lines.slice(-2)).toEqual(['end', '']);
    const numbers = lines.slice(0, -2).map(Number);
    const last = numbers.at(-1)!;
    expect([...new Set(numbers)]).toEqual(Array.from({ length: last }, (_unused, i) => i + 1));
    // the line after which the client died may come twice
    expect(numbers.length).toBeLessThanOrEqual(last + 1);
  });

  test('without a log that can be read back, the result is true and the output that still comes is kept', async () => {
    await using _ = await bench.enter();
    const execution = await bench.start(`echo one; ${wait('go')}; echo two; exit 28`, {
      options: ['--log-driver', 'none'],
    });
    await bench.says('one');
    await killClients(bench);
    await bench.says('logging driver');
    const ofThis = `label=tunasync.execution=${(execution.handle as DockerHandle).exitFile}`;
    await waitFor('the new client to listen', async () => {
      const attached = ['events', '--since', '60s', '--until', '0s', '--filter', 'event=attach'];
      return (await bench.engine.docker(...attached, '--filter', ofThis)).split('\n').length > 1;
    });
    await writeFile(bench.path('data', 'go'), '');
    expect(await execution.exit).toEqual({ code: 28, signal: null });
    expect(await bench.log()).toMatch(/two\n$/);
  });

  test('a handle of a container that never was is unknown, and to clean up after it is no error', async () => {
    await using _ = await bench.enter();
    const executor = bench.executor();
    const handle = executor.foresee!({ mirror: 'debian', id: 'never' });
    expect(await executor.attach(handle)).toBeUndefined();
    await executor.cleanup(handle);
    expect(await executor.attach({ ...handle, container: 7 })).toBeUndefined();
    expect(await executor.attach({ executor: 'host', pid: 4 })).toBeUndefined();
  });
});

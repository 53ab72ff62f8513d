import { chmod, rm, writeFile } from 'node:fs/promises';
import { expect, test } from '@jest/globals';
import { waitFor } from '@tunasync/test-utils';
import { exitMessage } from '../src/index.js';
import { describeDocker } from './docker-bench.js';

describeDocker('what keeps a container from running', (bench) => {
  test('an engine that is away is a clear error of the start, of attach and of cleanup', async () => {
    await using _ = await bench.enter();
    const env = { ...bench.engine.env, DOCKER_HOST: `unix://${bench.path('nobody.sock')}` };
    const executor = bench.executor({ env, answerMs: 700 });
    const started = bench.start('true', { executor });
    await expect(started).rejects.toMatchObject({ code: 'EXECUTOR_START_FAILED' });
    await expect(started).rejects.toThrow(
      /^the Docker engine does not answer: Cannot connect to the Docker daemon at unix:.*nobody\.sock/,
    );
    const handle = executor.foresee!({ mirror: 'debian', id: 'x' });
    await expect(executor.attach(handle)).rejects.toMatchObject({ code: 'DOCKER_UNAVAILABLE' });
    await expect(executor.cleanup(handle)).rejects.toThrow('the Docker engine does not answer');
  });

  test('an engine that hangs does not block a worker forever', async () => {
    await using _ = await bench.enter();
    const executor = bench.executor({ answerMs: 400 });
    const execution = await bench.start('echo ready; sleep 60; :', { executor });
    await bench.says('ready');
    bench.engine.pause();
    await expect(bench.start('true', { executor, mirror: 'other' })).rejects.toThrow(
      'the Docker engine does not answer: no answer within 0.4 s',
    );
    await expect(executor.attach(executor.foresee!({ mirror: 'other', id: 'x' }))).rejects.toThrow(
      'the Docker engine does not answer',
    );
    await execution.terminate(0);
    const exit = await execution.exit;
    expect(exit.code).not.toBe(0);
    expect(exitMessage(exit)).toContain('the Docker engine does not answer: no answer within');
    expect(bench.warnings.join('\n')).toContain('cannot stop the container tunasync-job-debian');
    bench.engine.resume();
    // never two syncs of a mirror: the container that could not be ended then is ended now
    expect(await (await bench.start('exit 4')).exit).toEqual({ code: 4, signal: null });
    expect(await bench.containers()).toEqual([]);
  });

  test('an engine that comes back within the time is waited for', async () => {
    await using _ = await bench.enter();
    const gate = bench.path('docker');
    await writeFile(
      gate,
      `#!/bin/sh\n[ -e ${bench.path('up')} ] || { echo 'Cannot connect to the Docker daemon' >&2; exit 1; }\nexec docker "$@"\n`,
    );
    await chmod(gate, 0o755);
    await writeFile(bench.path('up'), '');
    const executor = bench.executor({ docker: gate });
    const execution = await bench.start('echo ready; while ! [ -e go ]; do sleep 0.05; done; exit 6', {
      executor,
    });
    await bench.says('ready');
    await rm(bench.path('up'));
    const attached = bench
      .executor({ docker: gate })
      .attach({ ...execution.handle, exitFile: bench.path('other') });
    setTimeout(() => void writeFile(bench.path('up'), ''), 700);
    // not that container's handle: the engine had to be asked to know
    expect(await attached).toBeUndefined();
    await writeFile(bench.path('data', 'go'), '');
    expect(await execution.exit).toEqual({ code: 6, signal: null });
  });

  test('a client that is not installed is a clear error', async () => {
    await using _ = await bench.enter();
    const executor = bench.executor({ docker: '/nonexistent/docker' });
    await expect(bench.start('true', { executor })).rejects.toThrow(
      "the Docker engine does not answer: there is no client '/nonexistent/docker'",
    );
  });

  test('an image that is not there is named in the result', async () => {
    await using _ = await bench.enter();
    const exit = await (await bench.start('true', { image: 'localhost:1/no/such:image' })).exit;
    expect(exit.code).toBe(125);
    expect(exitMessage(exit)).toMatch(
      /^exit status 125: image localhost:1\/no\/such:image is not there, and cannot be fetched: .+/,
    );
    expect(await bench.log()).toContain('localhost:1');
  });

  test('a command that the image does not have, or that cannot be run, is named in the result', async () => {
    await using _ = await bench.enter();
    const missing = await (await bench.start('', { argv: ['no-such-command'] })).exit;
    expect(missing).toMatchObject({ code: 127, signal: null });
    expect(exitMessage(missing)).toMatch(/^exit status 127: .*"no-such-command": executable file not found/);
    const folder = await (await bench.start('', { argv: ['/tmp'] })).exit;
    expect(folder).toMatchObject({ code: 126, signal: null });
    expect(exitMessage(folder)).toMatch(/^exit status 126: .*"\/tmp"/);
    expect(await bench.containers()).toEqual([]);
  });

  test.each([125, 126, 127])('a command’s own exit code %i is left alone', async (code) => {
    await using _ = await bench.enter();
    const execution = await bench.start(`echo 'docker: not the client'; exit ${code}`);
    expect(await execution.exit).toEqual({ code, signal: null });
  });

  test('an option that the client does not know, and a limit that the engine refuses, are reported', async () => {
    await using _ = await bench.enter();
    const unknown = await (await bench.start('true', { options: ['--no-such-option'] })).exit;
    expect(exitMessage(unknown)).toMatch(/^exit status 125: unknown flag: --no-such-option/);
    const little = await (await bench.start('true', { memoryLimit: 1024 })).exit;
    expect(exitMessage(little)).toMatch(/^exit status 125: .*memory limit/i);
  });

  test.each(['', '--privileged', 'two words'])('%j is no image', async (image) => {
    await using _ = await bench.enter();
    await expect(bench.start('true', { image })).rejects.toMatchObject({
      code: 'EXECUTOR_START_FAILED',
      message: `cannot start a container of '${image}': expected the name of an image`,
    });
  });

  test('a mirror without an image, and folders that cannot be made, are errors of the start', async () => {
    await using _ = await bench.enter();
    const spec = {
      argv: ['true'] as const,
      cwd: bench.path('data'),
      env: {},
      logFile: bench.path('run.log'),
    };
    await expect(bench.executor().start(spec, { mirror: 'debian', id: 'a' })).rejects.toThrow(
      'cannot start a container for debian: expected the name of an image',
    );
    await writeFile(bench.path('file'), '');
    await expect(bench.start('true', { cwd: bench.path('file', 'below') })).rejects.toThrow(
      'cannot make the working folder',
    );
    await expect(bench.start('true', { logFile: bench.path('file', 'run.log') })).rejects.toThrow(
      'cannot open the log of sh',
    );
    expect(await bench.containers()).toEqual([]);
  });

  test('a command runs even if its exit record cannot be created', async () => {
    await using _ = await bench.enter();
    await writeFile(bench.path('state'), 'no folder');
    expect(await (await bench.start('exit 8')).exit).toEqual({ code: 8, signal: null });
    expect(bench.warnings).toEqual([expect.stringContaining('a crash may lose the exit code')]);
    await waitFor('nothing to be left', async () => (await bench.containers()).length === 0);
  });
});

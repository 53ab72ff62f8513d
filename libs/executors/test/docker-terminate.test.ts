import { createServer } from 'node:net';
import { expect, test } from '@jest/globals';
import { waitFor } from '@tunasync/test-utils';
import { describeDocker } from './docker-bench.js';

describeDocker('terminate of a container', (bench) => {
  test('defect 12: ends the command and all that it started, without delay when the image’s own init passes the signal on', async () => {
    await using _ = await bench.enter();
    const execution = await bench.start('(trap "" TERM; echo ready; sleep 60) & wait', {
      options: ['--init'],
    });
    await bench.says('ready');
    const pids = (await execution.processes?.()) ?? [];
    expect(pids.length).toBeGreaterThan(2);
    await execution.terminate();
    expect(await execution.exit).toEqual({ code: 143, signal: null });
    for (const pid of pids) expect(() => process.kill(pid, 0)).toThrow('ESRCH');
    expect(await bench.containers()).toEqual([]);
  });

  test('a command that takes no SIGTERM, as the first process of its machine, is killed after the grace', async () => {
    await using _ = await bench.enter();
    const execution = await bench.start('echo ready; sleep 60; :');
    await bench.says('ready');
    const begun = Date.now();
    await execution.terminate(1_000);
    expect(Date.now() - begun).toBeGreaterThan(900);
    expect(await execution.exit).toEqual({ code: 137, signal: null });
    expect(bench.warnings).toEqual([]);
  });

  test('right after the start, at any moment, it leaves no container that could begin later', async () => {
    await using _ = await bench.enter();
    for (const ms of [0, 20, 60, 120, 200]) {
      const execution = await bench.start('echo ran; sleep 60; :', { mirror: `debian-${ms}` });
      await new Promise((resolve) => setTimeout(resolve, ms));
      await Promise.all([execution.terminate(0), execution.terminate()]);
      const { code, signal } = await execution.exit;
      expect([signal, 137, 143]).toContain(signal ?? code);
      expect(bench.clients('run', `tunasync-job-debian-${ms}`)).toEqual([]);
      expect(await bench.containers()).toEqual([]);
    }
    expect(bench.warnings).toEqual([]);
  });

  test('a client that fetches an image is ended', async () => {
    await using _ = await bench.enter();
    // an address that takes connections and answers nothing: the pull hangs
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    const execution = await bench.start('true', { image: `127.0.0.1:${port}/slow` });
    await bench.says('Unable to find image');
    await execution.terminate();
    expect(bench.clients('run', 'tunasync-job-debian')).toEqual([]);
    await expect(execution.exit).resolves.not.toMatchObject({ code: 0 });
    server.close();
  });

  test('waits for a stop that another process has asked for', async () => {
    await using _ = await bench.enter();
    const execution = await bench.start('trap "exit 9" TERM; echo ready; while :; do sleep 0.1; done');
    await bench.says('ready');
    const stop = bench.engine.docker('stop', 'tunasync-job-debian');
    await execution.terminate();
    expect(await execution.exit).toEqual({ code: 9, signal: null });
    await stop.catch(() => undefined);
    await waitFor('it to be gone', async () => (await bench.containers()).length === 0);
  });
});

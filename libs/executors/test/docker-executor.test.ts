import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { expect, test } from '@jest/globals';
import { waitFor } from '@tunasync/test-utils';
import { exitMessage } from '../src/index.js';
import { describeDocker } from './docker-bench.js';

describeDocker('the Docker executor', (bench) => {
  test('runs the command of the image as the worker’s own user in the working folder, and leaves no container', async () => {
    await using _ = await bench.enter();
    const execution = await bench.start('id -u; id -g; pwd; echo made > made');
    expect(execution.handle).toMatchObject({ executor: 'docker', container: 'tunasync-job-debian' });
    expect(await execution.exit).toEqual({ code: 0, signal: null });
    expect(await bench.log()).toBe(`${process.getuid!()}\n${process.getgid!()}\n${bench.path('data')}\n`);
    expect(await readFile(bench.path('data', 'made'), 'utf8')).toBe('made\n');
    expect(await bench.containers()).toEqual([]);
    expect(bench.warnings).toEqual([]);
  });

  test('mounts the volumes of the settings, the log folder, the log file and folders whose name has a colon', async () => {
    await using _ = await bench.enter();
    await mkdir(bench.path('exclude'), { recursive: true });
    await writeFile(bench.path('exclude', 'list'), '*.iso\n');
    const cwd = bench.path('data: "x", y');
    const execution = await bench.start(
      `cat /etc/excluded; echo no > /etc/excluded || echo read-only; echo found > ${bench.path('log', 'other')}; : > here`,
      { cwd, volumes: [`${bench.path('exclude', 'list')}:/etc/excluded:ro`] },
    );
    expect(await execution.exit).toEqual({ code: 0, signal: null });
    expect(await bench.log()).toContain('*.iso\n');
    expect(await bench.log()).toContain('read-only\n');
    expect(await readFile(bench.path('log', 'other'), 'utf8')).toBe('found\n');
    expect(await readdir(cwd)).toEqual(['here']);
  });

  test('a volume of the settings at the place of the working folder wins', async () => {
    await using _ = await bench.enter();
    await mkdir(bench.path('elsewhere'), { recursive: true });
    const execution = await bench.start(': > here', {
      volumes: [`${bench.path('elsewhere')}:${bench.path('data')}`],
    });
    expect(await execution.exit).toEqual({ code: 0, signal: null });
    expect(await readdir(bench.path('elsewhere'))).toEqual(['here']);
  });

  test('names that Docker refuses get containers of their own, side by side', async () => {
    await using _ = await bench.enter();
    const mirrors = [
      'c++',
      'c--',
      '-dash',
      'with space',
      'Ubuntu',
      'ubuntu',
      '镜像',
      'a_.2b',
      'a+',
      'x'.repeat(200),
    ];
    const executions = await Promise.all(
      mirrors.map((mirror, i) =>
        bench.start(`echo ${i}; while ! [ -e go ]; do sleep 0.05; done`, {
          mirror,
          logFile: bench.path('log', `${i}.log`),
        }),
      ),
    );
    await waitFor('all containers', async () => (await bench.containers()).length === mirrors.length);
    await waitFor('all to run', async () => {
      const logs = await Promise.all(
        mirrors.map((_name, i) => readFile(bench.path('log', `${i}.log`), 'utf8')),
      );
      return logs.every((log, i) => log === `${i}\n`);
    });
    expect(await bench.containers()).toEqual(
      [
        'tunasync-job-c_.2b_.2b',
        'tunasync-job-c--',
        'tunasync-job--dash',
        'tunasync-job-with_.20space',
        'tunasync-job-Ubuntu',
        'tunasync-job-ubuntu',
        'tunasync-job-_.e9_.95_.9c_.e5_.83_.8f',
        'tunasync-job-a_.5f.2b',
        'tunasync-job-a_.2b',
        `tunasync-job-${'x'.repeat(200)}`,
      ].sort(),
    );
    await writeFile(bench.path('data', 'go'), '');
    for (const execution of executions) expect(await execution.exit).toEqual({ code: 0, signal: null });
  });

  test('a command over its memory limit differs from one that just fails', async () => {
    await using _ = await bench.enter();
    const memoryLimit = 32 * 1024 * 1024;
    const greedy = await bench.start('tail /dev/zero; echo "tail: $?"; exit 12', { memoryLimit });
    const exit = await greedy.exit;
    expect(exit).toEqual({ code: 12, signal: null, outOfMemory: true });
    expect(exitMessage(exit)).toMatch(/^exit status 12: .*memory limit/);
    expect(await bench.log()).toContain('tail: 137\n');
    const alone = await bench.start('exec tail /dev/zero', { memoryLimit });
    expect(await alone.exit).toEqual({ code: 137, signal: null, outOfMemory: true });
    const stopped = await bench.start('echo ready; sleep 60; :', { memoryLimit });
    await bench.says('ready');
    await stopped.terminate(0);
    expect(await stopped.exit).toEqual({ code: 137, signal: null });
    const modest = await bench.start('exit 12', { memoryLimit });
    expect(await modest.exit).toEqual({ code: 12, signal: null });
  });

  test('a container of the same name that an earlier run has left is ended and removed first', async () => {
    await using _ = await bench.enter();
    // as the original leaves it, without labels of an owner
    const left = [
      'run',
      '-d',
      '--network',
      'host',
      '--name',
      'tunasync-job-debian',
      '-v',
      `${bench.path()}:/w`,
    ];
    await bench.engine.docker(
      ...[...left, bench.engine.image, 'sh', '-c'],
      `trap 'echo ended > /w/ended; exit' TERM; : > /w/ready; while :; do sleep 0.1; done`,
    );
    await waitFor('the leftover to run', async () => (await readdir(bench.path())).includes('ready'));
    const execution = await bench.start('echo mine');
    expect(await readFile(bench.path('ended'), 'utf8')).toBe('ended\n');
    expect(await execution.exit).toEqual({ code: 0, signal: null });
    expect(await bench.log()).toBe('mine\n');
    expect(bench.warnings.join()).toContain('tunasync-job-debian');
  });

  test('containers that never ran, or have ended, do not hold a new run up', async () => {
    await using _ = await bench.enter();
    await bench.engine.docker('create', '--name', 'tunasync-job-debian', bench.engine.image, 'true');
    expect(await (await bench.start('exit 1')).exit).toEqual({ code: 1, signal: null });
    await bench.engine.docker(
      ...['run', '--network', 'host', '--name', 'tunasync-job-debian', bench.engine.image, 'true'],
    );
    expect(await (await bench.start('exit 2')).exit).toEqual({ code: 2, signal: null });
  });

  test('one run can follow another immediately', async () => {
    await using _ = await bench.enter();
    for (let run = 1; run <= 5; run++) {
      expect(await (await bench.start(`exit ${run}`)).exit).toEqual({ code: run, signal: null });
    }
    expect(bench.warnings).toEqual([]);
  });

  test('returns the pids of a running container as this machine numbers them', async () => {
    await using _ = await bench.enter();
    const execution = await bench.start('sleep 61 & sleep 62; :');
    const names = (pids: readonly number[]) =>
      Promise.all(
        pids.map(async (pid) => (await readFile(`/proc/${pid}/cmdline`, 'utf8')).replaceAll('\0', ' ')),
      );
    const running = await waitFor('three processes', async () => {
      const found = await names((await execution.processes?.()) ?? []);
      return found.length === 3 && found;
    });
    expect(running.sort()).toEqual(['sh -c sleep 61 & sleep 62; : ', 'sleep 61 ', 'sleep 62 ']);
    await execution.terminate(0);
    expect(await execution.processes?.()).toEqual([]);
  });

  test('a container that the settings keep from being removed is removed nevertheless', async () => {
    await using _ = await bench.enter();
    const execution = await bench.start('exit 3', { options: ['--rm=false'] });
    expect(await execution.exit).toEqual({ code: 3, signal: null });
    expect(await bench.containers()).toEqual([]);
  });
});

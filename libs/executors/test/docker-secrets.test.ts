import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { waitFor } from '@tunasync/test-utils';
import { commandLines, describeDocker } from './docker-bench.js';

/** Contents of all files below a folder. */
async function contents(folder: string): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return (await Promise.all(files.map((file) => readFile(file, 'latin1')))).join('\n');
}

describeDocker('values for a container', (bench) => {
  test('defect 15: no value stands on a command line, in a file, in the log or in a handle', async () => {
    await using _ = await bench.enter();
    const env = { RSYNC_PASSWORD: 'pass-7f3a', USER: 'user-7f3a', TOKEN: 'one-7f3a\ntwo-7f3a', EMPTY: '' };
    let seen = 0;
    const over = new AbortController();
    const spied: string[] = [];
    const spy = (async () => {
      while (!over.signal.aborted) {
        const lines = commandLines().map(({ args }) => args.join(' '));
        if (lines.some((line) => line.includes('tunasync-job-debian'))) seen++;
        spied.push(...lines.filter((line) => line.includes('7f3a')));
        await new Promise((resolve) => setImmediate(resolve));
      }
    })();
    const execution = await bench.start(
      '[ "$RSYNC_PASSWORD" = "pass-$X" ] && [ "$USER" = "user-$X" ] && [ "${EMPTY-unset}" = "" ] && ' +
        '[ "$TOKEN" = "$(printf "one-$X\\ntwo-$X")" ] || exit 5; echo ready; while ! [ -e go ]; do sleep 0.05; done',
      { env: { ...env, X: '7f3a' } },
    );
    await bench.says('ready');
    expect(await contents(bench.path())).not.toContain('7f3a');
    expect(await readdir('/dev/shm')).not.toContainEqual(expect.stringContaining('tunasync'));
    expect(JSON.stringify(execution.handle)).not.toContain('7f3a');
    await writeFile(bench.path('data', 'go'), '');
    expect(await execution.exit).toEqual({ code: 0, signal: null });
    over.abort();
    await spy;
    expect(spied).toEqual([]);
    expect(seen).toBeGreaterThan(0);
    expect(await contents(bench.path())).not.toContain('7f3a');
  });

  test('defect 15: names that the client reads itself reach the container, and not the client', async () => {
    await using _ = await bench.enter();
    const env = {
      PATH: '/bin:/of/the/mirror',
      HOME: '/home/of the mirror',
      DOCKER_HOST: 'tcp://192.0.2.1:1',
      HTTP_PROXY: 'http://192.0.2.1:2',
    };
    const execution = await bench.start('env; echo ready; while ! [ -e go ]; do sleep 0.05; done', { env });
    await bench.says('ready');
    const [client] = bench.clients('run', 'tunasync-job-debian');
    const clientEnv = (await readFile(`/proc/${client!}/environ`, 'utf8')).split('\0');
    const { PATH, HOME, DOCKER_HOST } = bench.engine.env;
    expect(clientEnv).toEqual(
      expect.arrayContaining([`PATH=${PATH!}`, `HOME=${HOME!}`, `DOCKER_HOST=${DOCKER_HOST!}`]),
    );
    expect(clientEnv.join()).not.toContain('192.0.2.1');
    await writeFile(bench.path('data', 'go'), '');
    expect(await execution.exit).toEqual({ code: 0, signal: null });
    const lines = (await bench.log()).split('\n');
    for (const [name, value] of Object.entries(env)) expect(lines).toContain(`${name}=${value}`);
  });

  test('the environment of the worker stays outside', async () => {
    await using _ = await bench.enter();
    const executor = bench.executor({ env: { ...bench.engine.env, WORKERS_OWN: 'secret' } });
    await (
      await bench.start('env', { executor })
    ).exit;
    expect(await bench.log()).not.toContain('WORKERS_OWN');
    expect(await bench.log()).not.toContain('TUNASYNC_EXECUTION');
  });

  test('names that no shell could set arrive as well', async () => {
    await using _ = await bench.enter();
    const execution = await bench.start('', { argv: ['env'], env: { 'odd.name-': 'x', Größe: 'groß' } });
    expect(await execution.exit).toEqual({ code: 0, signal: null });
    expect((await bench.log()).split('\n')).toEqual(expect.arrayContaining(['odd.name-=x', 'Größe=groß']));
  });

  test('long values, trailing blanks and carriage returns arrive as they are', async () => {
    await using _ = await bench.enter();
    const env = {
      LONG: 'x'.repeat(100_000),
      BLANKS: '  a \t ',
      CR: 'a\r',
      HASH: '#a=b',
      QUOTED: `"a" 'b' $HOME`,
    };
    const execution = await bench.start(
      'echo ${#LONG}; for v in "$BLANKS" "$CR" "$HASH" "$QUOTED"; do printf "<%s>" "$v"; done',
      { env },
    );
    expect(await execution.exit).toEqual({ code: 0, signal: null });
    expect(await bench.log()).toBe(`100000\n<${env.BLANKS}><${env.CR}><${env.HASH}><${env.QUOTED}>`);
  });

  test.each([
    ['HOME', 'secret\nlines', /'HOME'.*client reads it too/],
    ['http_proxy', 'secret\nlines', /'http_proxy'.*client reads it too/],
    ['two words', 'secret', /'two words'.*letters, digits and underscores/],
    ['#hash', 'secret', /'#hash'.*letters, digits and underscores/],
  ])('a value that cannot be handed over is refused without showing it: %s', async (name, value, message) => {
    await using _ = await bench.enter();
    const started = bench.start('true', { env: { [name]: value } });
    await expect(started).rejects.toMatchObject({ code: 'EXECUTOR_START_FAILED' });
    await expect(started).rejects.toThrow(message);
    await expect(started).rejects.not.toThrow('secret');
    expect(await bench.containers()).toEqual([]);
  });

  test('defect 15: the password of a running sync is nowhere in ps', async () => {
    await using _ = await bench.enter();
    const execution = await bench.start('echo ready; sleep 60', { env: { RSYNC_PASSWORD: 'pass-9b1c' } });
    await bench.says('ready');
    const lines = await waitFor('the client', () => {
      const all = commandLines().map(({ args }) => args.join(' '));
      return all.some((line) => line.includes('docker run --rm')) && all;
    });
    expect(lines.filter((line) => line.includes('pass-9b1c'))).toEqual([]);
    // a client that may ask the engine may see it
    expect(await bench.engine.docker('inspect', 'tunasync-job-debian')).toContain('pass-9b1c');
    await execution.terminate(0);
  });
});

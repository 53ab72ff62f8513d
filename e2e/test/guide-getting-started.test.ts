import { spawn, spawnSync } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { reservePort, startRsyncDaemon, tempDir, waitFor } from '@tunasync/test-utils';
import { fencedBlocks } from '../src/fenced-blocks.js';
import { startCommand, type RunningProcess } from '../src/run-process.js';

const docs = fileURLToPath(new URL('../../docs/', import.meta.url));
const bin = fileURLToPath(new URL('../../node_modules/.bin', import.meta.url));
const english = await readFile(join(docs, 'getting-started.md'), 'utf8');
const chinese = await readFile(join(docs, 'zh/getting-started.md'), 'utf8');

test('the Chinese guide has the same commands and files as the English one, and its sections', () => {
  expect(fencedBlocks(chinese)).toEqual(fencedBlocks(english));
  const sections = (text: string): number => text.split('\n').filter((line) => line.startsWith('## ')).length;
  expect(sections(chinese)).toBe(sections(english));
});

describe('the guide', () => {
  test('every command of it works, in its order', async () => {
    await using temp = await tempDir('guide-');
    const upstreamFolder = join(temp.path, 'upstream');
    await mkdir(upstreamFolder);
    await writeFile(join(upstreamFolder, 'README'), 'hello\n');
    await using upstream = await startRsyncDaemon({ modules: { hello: { path: upstreamFolder } } });
    // the guide's machines and ports, here
    const places: [string, string][] = [
      ['rsync://rsync.example.org/', `rsync://127.0.0.1:${upstream.port}/`],
      ['manager.example.org', '127.0.0.1'],
      ['worker2.example.org', '127.0.0.1'],
      ['14242', String(await reservePort())],
      ['6000', String(await reservePort())],
      ['6001', String(await reservePort())],
    ];
    const here = (text: string): string =>
      places.reduce((changed, [there, place]) => changed.replaceAll(there, place), text);
    const port = here('14242');
    const env = { HOME: temp.path, PATH: `${bin}:${process.env['PATH'] ?? ''}`, NODE_OPTIONS: '' };
    await mkdir(join(temp.path, '.config/tunasync'), { recursive: true });
    await writeFile(join(temp.path, '.config/tunasync/ctl.conf'), `manager_port = ${port}\n`);

    const run = (script: string): Promise<string> =>
      new Promise((resolve, reject) => {
        const child = spawn('sh', ['-e', '-c', script], {
          cwd: temp.path,
          env,
          stdio: ['ignore', 'pipe', 'pipe'],
        });
        let out = '';
        for (const stream of [child.stdout, child.stderr])
          stream.on('data', (data: Buffer) => (out += data.toString()));
        child.once('close', (code) => {
          if (code === 0) resolve(out);
          else reject(new Error(`${script}\nended with ${String(code)}: ${out}`));
        });
      });
    const statusOf = async (worker: string, mirror: string): Promise<string | undefined> => {
      const jobs = (await (await fetch(`http://127.0.0.1:${port}/workers/${worker}/jobs`)).json()) as {
        name: string;
        status: string;
      }[];
      return jobs.find(({ name }) => name === mirror)?.status;
    };
    const until = (worker: string, mirror: string, status: string): Promise<unknown> =>
      waitFor(`${mirror} to be ${status}`, async () => (await statusOf(worker, mirror)) === status);

    const daemons: RunningProcess[] = [];
    await using _ = {
      async [Symbol.asyncDispose]() {
        for (const daemon of daemons.reverse()) await daemon.stop();
      },
    };
    const said: string[] = [];
    for (const block of fencedBlocks(english)) {
      if (block.language !== 'sh') continue;
      const text = here(block.text);
      const daemon = /^(tunasync-(?:manager|worker)) -c (\S+)\n$/.exec(text);
      if (text.startsWith('npm install')) {
        for (const command of ['tunasync', 'tunasync-manager', 'tunasync-worker', 'tunasynctl']) {
          expect(spawnSync(command, ['--version'], { env }).status).toBe(0);
        }
      } else if (daemon !== null) {
        const [, command = '', file = ''] = daemon;
        daemons.push(startCommand(command, ['-c', file.replace('~', temp.path)], env));
        const started = daemons.at(-1);
        await waitFor(`${command} to start`, () => /Listening|registered/.test(started?.stdout() ?? ''));
      } else {
        said.push(await run(text));
      }
      // what a reader sees before going on
      const [, worker = '', mirror = ''] = /tunasynctl start -w (\S+) (\S+)\n$/.exec(text) ?? [];
      if (mirror !== '') await until(worker, mirror, mirror === 'broken' ? 'failed' : 'success');
    }
    await until('worker1', 'broken', 'success');
    expect(await readFile(join(temp.path, 'tunasync/mirrors/hello/README'), 'utf8')).toBe('hello\n');
    expect(await readFile(join(temp.path, 'tunasync/mirrors2/hello/README'), 'utf8')).toBe('hello\n');
    const all = said.join('');
    expect(all).toMatch(/^hello success \S+ \d{4}-/m);
    expect(all).toContain('"error_msg": "exit status 5');
    expect(all).toMatch(/broken_\S+\.log\.fail/);
    expect(all).toContain('@ERROR: Unknown module');
    expect(all).toContain('"id": "worker2"');
    expect(all).toContain('"size":"292"');
  });
});

import { spawn } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { TempDir } from '@tunasync/test-utils';
import { buildBundle, root, runProgram, type Seen } from './build-bundle.js';

/** Returns the files that are read before the first command runs: the entry and its static imports. */
async function readAtStart(
  folder: string,
  file: string,
  seen = new Map<string, string>(),
): Promise<Map<string, string>> {
  if (seen.has(file)) return seen;
  const source = await readFile(join(folder, file), 'utf8');
  seen.set(file, source);
  for (const [, imported = ''] of source.matchAll(/(?:from|import)\s*"\.\/([^"]+)"/g)) {
    await readAtStart(folder, imported, seen);
  }
  return seen;
}

describe('the bundle', () => {
  let folder: TempDir;
  let entry: string;
  let server: Server;
  const run = (...args: string[]): Promise<Seen> =>
    runProgram(process.execPath, [join(folder.path, 'bin/tunasynctl.js'), ...args], { HOME: folder.path });
  const port = (): string => String((server.address() as AddressInfo).port);

  beforeAll(async () => {
    folder = await buildBundle();
    entry = 'tunasynctl.js';
    const jobs = Array.from({ length: 5000 }, (_, index) => ({
      name: `mirror-${index}`,
      is_master: true,
      status: 'success',
      last_update: '2026-11-23 17:21:52 +0000',
      last_update_ts: 1795454512,
    }));
    server = createServer((request, response) => {
      response.end(request.url === '/jobs' ? JSON.stringify(jobs) : '[]');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  }, 60_000);

  afterAll(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await folder.remove();
  });

  test('the bundle starts without zod, axios and the TOML parser', async () => {
    const files = await readAtStart(join(folder.path, 'dist'), entry);
    const size = [...files.values()].reduce((sum, source) => sum + source.length, 0);
    // commander takes about 30 kB of it
    expect(size).toBeLessThan(100_000);
    const atStart = [...files.values()].join('\n');
    for (const word of ['ZodError', 'TomlError', 'from"axios"', 'tsyringe', 'Segmenter']) {
      expect(atStart).not.toContain(word);
    }
  });

  test('the source maps hold the sources', async () => {
    const dist = join(folder.path, 'dist');
    const source = await readFile(join(dist, entry), 'utf8');
    const [, name = ''] = /\/\/# sourceMappingURL=(\S+)\s*$/.exec(source) ?? [];
    const map = JSON.parse(await readFile(join(dist, name), 'utf8')) as {
      sources: string[];
      sourcesContent: (string | null)[];
    };
    expect(map.sources).toContainEqual(expect.stringMatching(/libs\/ctl-core\/src\/run\.ts$/));
    expect(map.sourcesContent).toHaveLength(map.sources.length);
    expect(map.sourcesContent).not.toContain(null);
  });

  test('cert makes certificates, with modules that only it loads', async () => {
    const ca = join(folder.path, 'ca');
    expect((await run('cert', 'init', ca)).code).toBe(0);
    const issued = await run('cert', 'issue', 'host', '--ca', ca, '--out', folder.path);
    expect([issued.code, issued.stderr]).toEqual([0, '']);
    const shown = await run('cert', 'show', join(folder.path, 'host.pem'));
    expect(shown.stdout).toMatch(/^subject: {5}CN=host\nnames: {7}DNS host\n/);
  });

  test('--version prints the version of the package, --help lists the commands', async () => {
    const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string };
    expect(await run('--version')).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
    const help = await run('--help');
    expect([help.code, help.stderr]).toEqual([0, '']);
    expect(help.stdout).toContain('Usage: tunasynctl [options] [command]');
  });

  test('list prints a long list completely and ends at once', async () => {
    const { code, stdout } = await run('list', '-a', '-m', '127.0.0.1', '-p', port());
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toHaveLength(5000);
  });

  test('list reads a configuration file and fills in a template', async () => {
    await mkdir(join(folder.path, '.config/tunasync'), { recursive: true });
    await writeFile(
      join(folder.path, '.config/tunasync/ctl.conf'),
      `manager_addr = "127.0.0.1"\nmanager_port = ${port()}\n`,
    );
    const { code, stdout } = await run('list', '-a', '-f', '{{.Name}} {{.LastUpdate.Format "Jan 2"}}');
    expect(code).toBe(0);
    expect(stdout.split('\n').slice(0, 2)).toEqual(['mirror-0 Nov 23', 'mirror-1 Nov 23']);
  });

  test('mirrors reads the configuration of a worker', async () => {
    await mkdir(join(folder.path, 'mirror-available'));
    await writeFile(
      join(folder.path, 'mirror-available/a.conf'),
      '[[mirrors]]\nname = "a"\nupstream = "rsync://u/a/"\nfail_on_match = "(?m)^E"\n',
    );
    expect(await run('mirrors', 'list', '--dir', folder.path)).toEqual({
      code: 0,
      stdout: 'FILE    ENABLED  MIRRORS\na.conf  no       a\n',
      stderr: '',
    });
  });

  test('a usage error prints one line and exits with 1', async () => {
    expect(await run('lisst')).toEqual({
      code: 1,
      stdout: '',
      stderr: "tunasynctl: unknown command 'lisst' (Did you mean list?); see tunasynctl --help\n",
    });
  });

  test('a reader that closes the pipe early is not a failure', async () => {
    const child = spawn(
      process.execPath,
      [join(folder.path, 'bin/tunasynctl.js'), 'list', '-a', '-m', '127.0.0.1', '-p', port()],
      { env: { HOME: '/nonexistent' }, stdio: ['ignore', 'pipe', 'pipe'] },
    );
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (data: string) => (stderr += data));
    child.stdout.once('data', () => child.stdout.destroy());
    const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
    expect([code, stderr]).toEqual([0, '']);
  });

  test('logs continues to follow after standard error was closed', async () => {
    let sendRest = (): unknown => undefined;
    const logServer = createServer((request, response) => {
      if (request.url?.endsWith('/logs') === true) {
        response.end('{"logs":[]}');
        return;
      }
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write('event: log\nid: a:0\ndata: {"log":"a","from":0,"reason":"start"}\n\n');
      response.write('id: a:4\ndata: one\n\n');
      response.write('event: log\nid: b:0\ndata: {"log":"b","from":0,"reason":"next"}\n\n');
      sendRest = () => response.write('id: b:4\ndata: two\n\n');
    });
    await new Promise<void>((resolve) => logServer.listen(0, '127.0.0.1', resolve));
    const at = ['-m', '127.0.0.1', '-p', String((logServer.address() as AddressInfo).port)];
    const child = spawn(process.execPath, [join(folder.path, 'bin/tunasynctl.js'), 'logs', 'd', '-f', ...at]);
    child.stderr.destroy();
    let stdout = '';
    const ended = new Promise((resolve) =>
      child.once('exit', (code, signal) => {
        resolve([code, signal]);
      }),
    );
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
      if (stdout.includes('two')) child.kill('SIGINT');
      // writing the headlines has failed by now
      else if (stdout.includes('one')) sendRest();
    });
    // exit code 130 in a shell
    expect(await ended).toEqual([null, 'SIGINT']);
    expect(stdout).toBe('one\ntwo\n');
    logServer.closeAllConnections();
    await new Promise((resolve) => logServer.close(resolve));
  });
});

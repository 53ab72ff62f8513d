import { access, mkdir, symlink } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { TempDir } from '@tunasync/test-utils';
import { buildBundle, runProgram } from './build-bundle.js';

/** Returns the words of a command line for this manager. */
const wordsFor = (port: number): string => `-m 127.0.0.1 -p ${port}`;

describe('completion in real shells', () => {
  let folder: TempDir;
  let server: Server;
  let at: string;

  beforeAll(async () => {
    folder = await buildBundle();
    await mkdir(join(folder.path, 'path'));
    await symlink(join(folder.path, 'bin/tunasynctl.js'), join(folder.path, 'path/tunasynctl'));
    const names = ['debian', 'debian-cd', 'd$(touch owned) x', 'pypi'];
    server = createServer((request, response) => {
      response.end(
        JSON.stringify(request.url === '/workers' ? [{ id: 'w1' }] : names.map((name) => ({ name }))),
      );
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    at = wordsFor((server.address() as AddressInfo).port);
  }, 60_000);

  afterAll(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await folder.remove();
  });

  /** Runs a script in a shell in the folder; resolves to the printed lines. */
  async function lines(shell: string, args: readonly string[], script: string): Promise<string[]> {
    const seen = await runProgram(shell, [...args, '-c', `cd '${folder.path}'; ${script}`], {
      HOME: folder.path,
      PATH: `${join(folder.path, 'path')}:${process.env['PATH'] ?? ''}`,
    });
    expect([seen.code, seen.stderr]).toEqual([0, '']);
    return seen.stdout.trimEnd().split('\n');
  }

  const bash = (words: string): Promise<string[]> =>
    lines(
      'bash',
      ['--norc'],
      `source <(tunasynctl completion bash); COMP_WORDS=(tunasynctl ${words}); COMP_CWORD=$((\${#COMP_WORDS[@]} - 1))
       complete -p tunasynctl; _tunasynctl; printf '%s\\n' "\${COMPREPLY[@]}"`,
    );

  test('bash completes commands, flags and names, and executes no part of a name', async () => {
    const [registered, ...commands] = await bash('sta');
    expect(registered).toBe('complete -F _tunasynctl tunasynctl');
    expect(commands).toEqual(['status', 'stale', 'start']);
    expect((await bash('list --al')).slice(1)).toEqual(['--all']);
    expect((await bash(`stop ${at} d`)).slice(1)).toEqual([
      'd\\$\\(touch\\ owned\\)\\ x',
      'debian',
      'debian-cd',
    ]);
    expect((await bash(`reload ${at} -w ''`)).slice(1)).toEqual(['w1']);
    await expect(access(join(folder.path, 'owned'))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  const zsh = (words: string): Promise<string[]> =>
    lines(
      'zsh',
      ['-f'],
      `compdef() { print "registered $*" }; _describe() { print -rl -- "\${(@P)2}" }; _files() { print files }
       source <(tunasynctl completion zsh); words=(tunasynctl ${words}); CURRENT=$#words; _tunasynctl`,
    );

  test('zsh completes the same, with descriptions', async () => {
    expect(await zsh('sto')).toEqual([
      'registered _tunasynctl tunasynctl',
      'stop:end the running sync and pause the mirror',
    ]);
    expect((await zsh(`stop ${at} deb`)).slice(1)).toEqual(['debian', 'debian-cd']);
    expect((await zsh("-c ''")).slice(1)).toEqual(['files']);
  });

  const fish = (line: string): Promise<string[]> =>
    lines('fish', ['--no-config'], `tunasynctl completion fish | source; complete -C '${line}'`);

  test('fish completes the same on Tab', async () => {
    expect(await fish('tunasynctl sto')).toEqual(['stop\tend the running sync and pause the mirror']);
    expect(await fish(`tunasynctl stop ${at} deb`)).toEqual(['debian', 'debian-cd']);
    expect(await fish(`tunasynctl reload ${at} -w `)).toEqual(['w1']);
    expect(await fish('tunasynctl -c pac')).toEqual(['package.json']);
  });
});

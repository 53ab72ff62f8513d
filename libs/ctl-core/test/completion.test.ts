import { execFileSync } from 'node:child_process';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { runCtl } from './run-ctl.js';
import { stubManager, type StubManager } from './stub-manager.js';

let manager: StubManager;

beforeEach(async () => {
  manager = await stubManager(({ path }) => {
    if (path === '/workers') return { body: [{ id: 'w1' }, { id: 'w2' }] };
    if (path === '/workers/w1/jobs') {
      return { body: ['debian', 'debian-cd', 'pypi', 'a\u001b[2J', ''].map((name) => ({ name })) };
    }
    if (path === '/jobs/debian/logs?worker=w1') {
      const log = { size: 1, started: '0001-01-01T00:00:00Z', time: '0001-01-01T00:00:00Z', failed: false };
      return {
        body: {
          logs: [
            { ...log, name: 'debian_2.log' },
            { ...log, name: 'debian_1.log.fail' },
          ],
        },
      };
    }
    if (path === '/workers/w2/jobs') return { body: [{ name: 'debian' }, { name: 'ctan' }] };
    return { status: 404, body: {} };
  });
});
afterEach(async () => {
  await manager[Symbol.asyncDispose]();
});

/** Returns the words offered for the last word, without descriptions. `PORT` stands for the manager's port. */
async function offered(...words: string[]): Promise<string[]> {
  const own = words.map((word) => word.replace('PORT', String(manager.port)));
  const { exit, stdout } = await runCtl(['complete', '--', ...own]);
  expect(exit).toBe(0);
  const lines = stdout.split('\n').slice(0, -1);
  return lines.map((line) => line.split('\t')[0]!);
}

describe('offered words', () => {
  test('commands are offered with descriptions, except hidden ones', async () => {
    const all = await offered('');
    expect(all).toEqual(
      expect.arrayContaining(['list', 'status', 'history', 'stop', 'enable', 'completion']),
    );
    expect(all).not.toContain('complete');
    expect(await offered('st')).toEqual(['status', 'stale', 'start', 'stop']);
    expect((await runCtl(['complete', '--', 'sto'])).stdout).toBe(
      'stop\tend the running sync and pause the mirror\n',
    );
    expect(await offered('-v', 'mirrors', 'e')).toEqual(['enable']);
    expect(await offered('nonsense', 'x')).toEqual([]);
  });

  test('flags of the command and of the program are offered', async () => {
    expect(await offered('list', '--')).toEqual(
      expect.arrayContaining(['--all', '--status', '--format', '--manager', '--json', '--help']),
    );
    expect(await offered('start', '--fo')).toEqual(['--force']);
    expect(await offered('stop', '--fo')).toEqual([]);
    expect(await offered('logs', '--')).toEqual(
      expect.arrayContaining(['--follow', '--lines', '--log', '--list', '--search', '--worker']),
    );
    expect(await offered('flush', '--st')).toEqual(['--stale-only']);
  });

  test.each([
    [
      ['status', '-p', 'PORT', ''],
      ['ctan', 'debian', 'debian-cd', 'pypi'],
    ],
    [
      ['stop', '-pPORT', '-p', 'PORT', 'd'],
      ['debian', 'debian-cd'],
    ],
    [
      ['stop', '-p', 'PORT', '-w', 'w2', ''],
      ['ctan', 'debian'],
    ],
    [
      ['stop', '--port=PORT', '--worker=w2', ''],
      ['ctan', 'debian'],
    ],
    [
      ['stop', '--port', '=', 'PORT', '--worker', '=', 'w2', ''],
      ['ctan', 'debian'],
    ],
    [['-port', 'PORT', 'restart', 'pypi', 'c'], ['ctan']],
    [['start', '-p', 'PORT', '--', '-'], []],
    [['start', '-p', 'PORT', '--', 'p'], ['pypi']],
    [
      ['list', '-p', 'PORT', 'w'],
      ['w1', 'w2'],
    ],
    [
      ['reload', '-p', 'PORT', '-w', ''],
      ['w1', 'w2'],
    ],
    [
      ['list', '--status', 'p'],
      ['pre-syncing', 'paused'],
    ],
    [
      ['list', '-f', ''],
      ['table', 'json'],
    ],
    [
      ['completion', ''],
      ['bash', 'zsh', 'fish'],
    ],
    [['-c', ''], [':files']],
    [['cert', 'show', ''], [':files']],
    [['history', '-n', ''], []],
    [['logs', '-n', ''], ['all']],
    [
      ['logs', '-p', 'PORT', '-w', 'w2', ''],
      ['ctan', 'debian'],
    ],
    [
      ['logs', 'debian', '-p', 'PORT', '-w', 'w1', '--log', 'debian_'],
      ['debian_1.log.fail', 'debian_2.log'],
    ],
    [['flush', ''], []],
  ])('%j: %j', async (words, names) => {
    expect(await offered(...words)).toEqual(names);
  });

  test('no names are offered when the manager is unreachable', async () => {
    expect(await runCtl(['complete', '--', 'stop', '-p', '1', ''])).toMatchObject({ exit: 1, stdout: '' });
  });
});

describe('completion scripts', () => {
  test.each(['bash', 'zsh', 'fish'])('the script for %s calls tunasynctl complete', async (shell) => {
    const { exit, stdout } = await runCtl(['completion', shell]);
    expect(exit).toBe(0);
    expect(stdout).toContain('tunasynctl complete -- ');
  });

  test('the script for bash is valid', async () => {
    const { stdout } = await runCtl(['completion', 'bash']);
    expect(execFileSync('bash', ['-n'], { input: stdout, encoding: 'utf8' })).toBe('');
  });

  test('another shell is refused', async () => {
    expect((await runCtl(['completion', 'csh'])).stderr).toContain('Allowed choices are bash, zsh, fish');
  });
});

describe('open', () => {
  test('open prints the page of a mirror at each of its workers, or the overview', async () => {
    const base = `http://127.0.0.1:${manager.port}/ui/`;
    const open = (...argv: string[]) =>
      runCtl(['open', '-m', '127.0.0.1', '-p', String(manager.port), ...argv]);
    const job = (name: string, worker: string) => ({ name, worker });
    manager.answer = ({ path }) =>
      path === '/jobs/c%2B%2B%20x'
        ? { body: [job('c++ x', 'w1'), job('c++ x', 'w 2')] }
        : path === '/workers'
          ? { body: [] }
          : { status: 404, body: {} };
    expect(await open()).toEqual({ exit: 0, stdout: `${base}\n`, stderr: '' });
    expect((await open('c++ x')).stdout).toBe(
      `${base}mirrors/w1/c%2B%2B%20x\n${base}mirrors/w%202/c%2B%2B%20x\n`,
    );
    expect(JSON.parse((await open('c++ x', '-w', 'w1', '--json')).stdout)).toEqual([
      `${base}mirrors/w1/c%2B%2B%20x`,
    ]);
    expect((await open('c++ x', '-w', 'w3')).stderr).toBe('no mirror `c++ x` on w3; it is on w1, w 2\n');
    expect(await open('nope')).toEqual({ exit: 1, stdout: '', stderr: 'no mirror `nope`\n' });
  });
});

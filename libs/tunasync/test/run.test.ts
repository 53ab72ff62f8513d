import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { run, type ProgramLoader } from '../src/index.js';

interface Outcome {
  exitCode: number | undefined;
  stdout: string;
  stderr: string;
  /** The started programs, with name and arguments. */
  started: string[];
  /** The loaded programs. */
  loaded: string[];
}

async function runWith(...argv: string[]): Promise<Outcome> {
  const outcome: Outcome = { exitCode: undefined, stdout: '', stderr: '', started: [], loaded: [] };
  const program = (name: string): ProgramLoader => {
    return () => {
      outcome.loaded.push(name);
      return Promise.resolve({
        main: (options) => {
          outcome.started.push([options.name, ...options.argv].join(' | '));
          return Promise.resolve();
        },
      });
    };
  };
  const sink = (name: 'stdout' | 'stderr') => ({
    write: (text: string) => {
      outcome[name] += text;
      return true;
    },
  });
  outcome.exitCode = await run({
    argv,
    stdout: sink('stdout'),
    stderr: sink('stderr'),
    programs: { manager: program('manager'), worker: program('worker'), ctl: program('ctl') },
  });
  return outcome;
}

describe('tunasync', () => {
  test.each([
    ['manager', 'manager'],
    ['m', 'manager'],
    ['worker', 'worker'],
    ['w', 'worker'],
    ['ctl', 'ctl'],
  ])('%s starts the %s with the remaining arguments, and loads nothing else', async (given, program) => {
    expect(await runWith(given, '-config', 'x.conf', '--version')).toEqual({
      exitCode: undefined,
      stdout: '',
      stderr: '',
      started: [`tunasync ${program} | -config | x.conf | --version`],
      loaded: [program],
    });
  });

  test.each(['--version', '-version'])('%s prints the version of the package', async (flag) => {
    const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
      version: string;
    };
    expect(await runWith(flag)).toMatchObject({
      exitCode: 0,
      stdout: `${version}\n`,
      stderr: '',
      loaded: [],
    });
  });

  test.each(['--help', '-help', '-h', 'help'])('%s lists the commands', async (flag) => {
    const { exitCode, stdout, loaded } = await runWith(flag);
    expect([exitCode, loaded]).toEqual([0, []]);
    for (const word of ['Usage: tunasync', 'manager, m', 'worker, w', 'ctl', '--version']) {
      expect(stdout).toContain(word);
    }
  });

  test.each([
    [[], 'tunasync: expected a command: manager, worker or ctl; see tunasync --help\n'],
    [
      ['mirror'],
      "tunasync: expected a command, one of manager, worker or ctl, found 'mirror'; see tunasync --help\n",
    ],
    [
      ['toString'],
      "tunasync: expected a command, one of manager, worker or ctl, found 'toString'; see tunasync --help\n",
    ],
  ])('%j prints a usage error of one line', async (argv, stderr) => {
    expect(await runWith(...argv)).toEqual({ exitCode: 1, stdout: '', stderr, started: [], loaded: [] });
  });
});

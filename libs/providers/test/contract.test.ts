import { describe, expect, test } from '@jest/globals';
import { compilePattern, type MirrorConfig } from '@tunasync/config';
import { plainMirror } from '@tunasync/test-utils';
import { providerContract } from '../src/contract.js';
import {
  commandProvider,
  rsyncProvider,
  twoStageRsyncProvider,
  type Provider,
  type ProviderPlugin,
} from '../src/index.js';

const mirror: MirrorConfig = {
  ...plainMirror,
  upstream: 'rsync://example.org/debian/',
  username: 'alice',
  password: 'open sesame',
  env: { A: 'b' },
  successExitCodes: [1, 23],
  stage1Profile: 'debian',
  command: '/usr/bin/rsync',
  sizePattern: compilePattern('(?m)^Total is (\\S+)$'),
};

for (const plugin of [rsyncProvider, twoStageRsyncProvider]) {
  const sized = { log: 'x\nTotal file size: 1.33T bytes\ny\n', size: '1.33T' };
  providerContract({ describe, test, plugin, mirror, sized });
}
providerContract({
  describe,
  test,
  plugin: commandProvider,
  mirror,
  sized: { log: 'Total is 1K\nTotal is 2K\n', size: '2K' },
});

/** Runs the contract suite by hand; names of the tests that failed. */
async function broken(change: (provider: Provider) => Partial<Provider>): Promise<string[]> {
  const plugin: ProviderPlugin = {
    name: 'rsync',
    create(config) {
      const provider = rsyncProvider.create(config);
      return { ...provider, ...change(provider) };
    },
  };
  const tests: [string, () => Promise<void>][] = [];
  providerContract({
    describe: (_name, body) => {
      body();
    },
    test: (name, body) => tests.push([name, body]),
    plugin,
    mirror,
  });
  const failed: string[] = [];
  for (const [name, body] of tests) await body().catch(() => failed.push(name));
  return failed;
}

describe('the contract suite itself', () => {
  test('passes for a provider that keeps it', async () => {
    expect(await broken(() => ({}))).toEqual([]);
  });

  test.each<[string, (provider: Provider) => Partial<Provider>, string[]]>([
    ['another name', () => ({ name: 'x' }), ['carries the name of its plug-in']],
    [
      'a password on the command line',
      (provider) => ({
        commands: (attempt) => {
          const [command] = provider.commands(attempt);
          return [{ ...command, argv: [...command.argv, '--password=open sesame'] }];
        },
      }),
      ['shows the password on no command line'],
    ],
    [
      'a log file of its own',
      (provider) => ({
        commands: (attempt) => [{ ...provider.commands(attempt)[0], logFile: '/tmp/x.log' }],
      }),
      [
        'makes commands that can be run',
        'makes the same commands for the same attempt, another log file apart',
      ],
    ],
    [
      'no eye for the allowed codes',
      () => ({ succeeded: (exit) => exit.code === 0 }),
      ['takes 0 and the allowed exit codes for success, and nothing else'],
    ],
    [
      'commands that depend on how often they were asked for',
      (provider) => {
        let count = 0;
        return {
          commands: (attempt) => {
            const [command] = provider.commands(attempt);
            return [{ ...command, argv: [...command.argv, `--try=${++count}`] }];
          },
        };
      },
      ['makes the same commands for the same attempt, another log file apart'],
    ],
    [
      'a result that only the process knows that ran the commands',
      (provider) => {
        let asked = false;
        return {
          commands: (attempt) => {
            asked = true;
            return provider.commands(attempt);
          },
          inspect: async (attempt, exit) => {
            const outcome = await provider.inspect(attempt, exit);
            return asked && outcome.ok ? { ...outcome, size: '1K' } : outcome;
          },
        };
      },
      ['makes them and reads results without having done anything before'],
    ],
    [
      'facts that are no whole numbers',
      (provider) => ({
        inspect: async (attempt, exit) => ({
          ...(await provider.inspect(attempt, exit)),
          facts: { files: 1.5 },
        }),
      }),
      [
        'makes them and reads results without having done anything before',
        'says in one line why an attempt failed',
        'is content with a good attempt that said nothing',
      ],
    ],
    [
      'progress that is made up, and a timer left behind',
      () => ({
        watch: ({ clock, onProgress }) => {
          clock.after(1000, () => {
            onProgress({ percent: 50 });
            clock.after(1000, () => undefined);
          });
          return { stop: () => undefined };
        },
      }),
      ['knows nothing of how far a command is that cannot be seen, and stops when it is told to'],
    ],
    [
      'a good word for every end',
      () => ({ inspect: () => Promise.resolve({ ok: true }) }),
      ['says in one line why an attempt failed'],
    ],
  ])('finds %s', async (_what, change, failed) => {
    expect(await broken(change)).toEqual(failed);
  });
});

import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { FakeClock, plainMirror } from '@tunasync/test-utils';
import { hookContract } from '../src/contract.js';
import { execHooks, logLimiter, type Hook } from '../src/index.js';
import { fixture } from './fixture.js';

async function mirrorWithLines() {
  const run = await fixture({ execOnSuccess: ['true'], execOnFailure: ['true'] });
  const logFile = join(run.mirror.logDir, 'debian.log');
  return { mirror: run.mirror, logFile, dispose: () => run.remove() };
}

hookContract({ describe, test, plugin: logLimiter({ clock: new FakeClock() }), mirror: mirrorWithLines });
hookContract({
  describe,
  test,
  plugin: execHooks({ env: process.env }),
  mirror: mirrorWithLines,
  unconcerned: plainMirror,
});

/** Runs the contract suite without a test runner; returns the names of the failed tests. */
async function broken(create: () => Hook | undefined): Promise<string[]> {
  const tests: [string, () => Promise<void>][] = [];
  hookContract({
    describe: (_name, body) => {
      body();
    },
    test: (name, body) => tests.push([name, body]),
    plugin: { name: 'broken', create },
    mirror: mirrorWithLines,
    unconcerned: plainMirror,
  });
  const failed: string[] = [];
  for (const [name, body] of tests) await body().catch(() => failed.push(name));
  return failed;
}

describe('the contract suite itself', () => {
  test('finds a hook that every mirror gets', async () => {
    expect(await broken(() => ({ name: 'x' }))).toEqual(['keeps out of mirrors that do not ask for it']);
  });

  test('finds a hook that works once only', async () => {
    const failed = await broken(() => {
      let ran = false;
      return {
        name: 'once',
        preJob: () => (ran ? Promise.reject(new TypeError('again?')) : Promise.resolve(void (ran = true))),
      };
    });
    expect(failed).toContain('can run again after a run');
    expect(failed).not.toContain('lets a good run pass');
  });

  test('finds a hook that gives up when the run is stopped', async () => {
    const failed = await broken(() => ({
      name: 'quitter',
      postFail: ({ signal }) =>
        signal.aborted ? Promise.reject(new TypeError('stopped')) : Promise.resolve(),
    }));
    expect(failed).toContain('cleans up after a run that is stopped');
  });
});

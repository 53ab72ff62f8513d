import assert from 'node:assert/strict';
import type { MirrorConfig } from '@tunasync/config';
import type { Logger } from '@tunasync/logger';
import { createHooks } from './create-hooks.js';
import { HookRunner } from './hook-runner.js';
import type { HookContext, HookPlugin, HookStage } from './interfaces.js';

/** Options of {@link hookContract}. */
export interface HookContractOptions {
  /** The test runner's own, for example of jest, vitest or `node:test`. */
  describe: (name: string, body: () => void) => unknown;
  test: (name: string, body: () => Promise<void>) => unknown;
  plugin: HookPlugin;
  /**
   * Makes a mirror whose configuration asks for the hook, with folders that the hook can work in; `dispose` is
   * called after the test.
   */
  mirror: () => Promise<{ mirror: MirrorConfig; logFile: string; dispose: () => Promise<void> }>;
  /** A mirror that does without the hook. @defaultValue no such check, for hooks that every mirror has */
  unconcerned?: MirrorConfig;
}

const silent: Logger = {
  debug: () => undefined,
  info: () => undefined,
  notice: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => silent,
};

/** The requirements for every kind of hook; for authors of plug-ins, with any test runner. */
export function hookContract(options: HookContractOptions): void {
  const { describe, test, plugin, unconcerned } = options;

  /** Runs `stages` of a run on fresh hooks; `stop` aborts the run. */
  async function withRun(
    body: (run: (...stages: HookStage[]) => Promise<void>, stop: () => void) => Promise<void>,
  ): Promise<void> {
    const { mirror, logFile, dispose } = await options.mirror();
    try {
      const controller = new AbortController();
      const runner = new HookRunner(createHooks([plugin], Object.freeze({ ...mirror })));
      const context: HookContext = {
        mirror: Object.freeze({ ...mirror }),
        logger: silent,
        attempt: 0,
        logFile,
        signal: controller.signal,
      };
      await body(
        async (...stages) => {
          for (const stage of stages) {
            if (stage === 'pre-exec') context.attempt++;
            await runner.run(stage, context);
          }
        },
        () => {
          controller.abort();
        },
      );
    } finally {
      await dispose();
    }
  }

  describe(`hook contract: ${plugin.name}`, () => {
    test('has a name, and so has each of its hooks', async () => {
      assert.match(plugin.name, /^\S+$/);
      const { mirror, dispose } = await options.mirror();
      try {
        const hooks = createHooks([plugin], mirror);
        assert.ok(hooks.length > 0, 'the mirror asks for the hook');
        for (const { name } of hooks) assert.notEqual(name, '');
      } finally {
        await dispose();
      }
    });

    test('lets a good run pass', () =>
      withRun(async (run) => {
        await run('pre-job', 'pre-exec', 'post-exec', 'post-success');
      }));

    test('lets failed attempts pass, and a good one after them', () =>
      withRun(async (run) => {
        await run('pre-job', 'pre-exec', 'post-exec', 'post-fail');
        await run('pre-exec', 'post-exec', 'post-fail');
        await run('pre-exec', 'post-exec', 'post-success');
      }));

    test('cleans up after a run that is stopped', () =>
      withRun(async (run, stop) => {
        await run('pre-job', 'pre-exec');
        stop();
        await run('post-exec', 'post-fail');
      }));

    test('cleans up after an attempt that another hook kept from starting', () =>
      withRun(async (run) => {
        await run('pre-job', 'pre-exec', 'post-exec');
        await run('pre-job', 'pre-exec', 'post-exec', 'post-success');
      }));

    test('can run again after a run', () =>
      withRun(async (run) => {
        for (let times = 0; times < 2; times++) {
          await run('pre-job', 'pre-exec', 'post-exec', 'post-success');
        }
      }));

    if (unconcerned !== undefined) {
      test('keeps out of mirrors that do not ask for it', () =>
        withRun(() => {
          assert.deepEqual(createHooks([plugin], unconcerned), []);
          return Promise.resolve();
        }));
    }
  });
}

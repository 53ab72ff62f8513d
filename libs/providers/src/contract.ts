import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MirrorConfig } from '@tunasync/config';
import type { ExitResult } from '@tunasync/executors';
import type { Clock } from '@tunasync/protocol';
import type { Attempt, AttemptOutcome, Progress, ProviderPlugin } from './plugin/interfaces.js';

/** What {@link providerContract} is told. */
export interface ProviderContractOptions {
  /** The test runner's own, for example of jest, vitest or `node:test`. */
  describe: (name: string, body: () => void) => unknown;
  test: (name: string, body: () => Promise<void>) => unknown;
  plugin: ProviderPlugin;
  /** A mirror that the plug-in accepts. Give it a password, so that the check for leaks has something to find. */
  mirror: MirrorConfig;
  /** Output of a good attempt, and the size that the provider reads from it. @defaultValue no check of sizes */
  sized?: { log: string; size: string };
}

const exited = (code: number): ExitResult => ({ code, signal: null });

/** Makes every change of the configuration an error. */
function frozen(mirror: MirrorConfig): MirrorConfig {
  const copy = { ...mirror, env: Object.freeze({ ...mirror.env }) };
  return Object.freeze(copy);
}

/** Gives `body` an attempt with a log file that holds `log`. */
async function withAttempt(log: string, body: (attempt: Attempt) => Promise<void> | void): Promise<void> {
  const logDir = await mkdtemp(join(tmpdir(), 'provider-contract-'));
  try {
    const logFile = join(logDir, 'attempt.log');
    await writeFile(logFile, log);
    await body({ logDir, logFile });
  } finally {
    await rm(logDir, { recursive: true, force: true });
  }
}

function failure(outcome: AttemptOutcome): string {
  assert.ok(!outcome.ok, 'the attempt should have failed');
  assert.doesNotMatch(outcome.message, /\n/, 'a message is one line');
  if (outcome.reason !== undefined)
    assert.match(outcome.reason, /^[a-z]+(?:-[a-z]+)*$/, 'a reason is a word');
  checkFacts(outcome);
  return outcome.message;
}

function checkFacts({ facts = {} }: AttemptOutcome): void {
  for (const [name, value] of Object.entries(facts)) {
    assert.ok(Number.isSafeInteger(value) && value >= 0, `${name} is a whole number`);
  }
}

/** A clock whose timers fire only when they are told to. */
function heldClock(): { clock: Clock; armed: Set<() => void> } {
  const armed = new Set<() => void>();
  const clock: Clock = {
    now: () => 0,
    after(_ms, callback) {
      const timer = (): void => {
        callback();
      };
      armed.add(timer);
      return { cancel: () => void armed.delete(timer) };
    },
  };
  return { clock, armed };
}

/** What every provider must do; for authors of plug-ins, whatever their test runner is. */
export function providerContract(options: ProviderContractOptions): void {
  const { describe, test, plugin, sized } = options;
  const mirror = frozen(options.mirror);
  const unused = [...Array(256).keys()].slice(1).find((code) => !mirror.successExitCodes.includes(code)) ?? 1;

  describe(`provider contract: ${plugin.name}`, () => {
    test('carries the name of its plug-in', () =>
      withAttempt('', () => {
        assert.match(plugin.name, /^\S+$/);
        assert.equal(plugin.create(mirror).name, plugin.name);
      }));

    test('makes commands that can be run', () =>
      withAttempt('', (attempt) => {
        const commands = plugin.create(mirror).commands(attempt);
        assert.ok(commands.length > 0);
        for (const command of commands) {
          assert.notEqual(command.argv[0], '');
          assert.ok(command.argv.every((word) => typeof word === 'string' && !word.includes('\0')));
          assert.ok(command.cwd.startsWith('/'), 'cwd is absolute');
          assert.equal(command.logFile, attempt.logFile);
          assert.ok(Object.values(command.env).every((value) => typeof value === 'string'));
        }
      }));

    test('makes the same commands for the same attempt, another log file apart', () =>
      withAttempt('', (attempt) => {
        const provider = plugin.create(mirror);
        const first = provider.commands(attempt);
        assert.deepEqual(provider.commands(attempt), first);
        assert.deepEqual(plugin.create(mirror).commands(attempt), first);
        const other = { ...attempt, logFile: join(attempt.logDir, 'other.log') };
        assert.ok(provider.commands(other).every(({ logFile }) => logFile === other.logFile));
      }));

    test('makes them and reads results without having done anything before', () =>
      withAttempt(sized?.log ?? '', async (attempt) => {
        // after a crash another process asks
        const used = plugin.create(mirror);
        const commands = used.commands(attempt);
        const outcome = await used.inspect(attempt, exited(0));
        checkFacts(outcome);
        const fresh = plugin.create(mirror);
        assert.deepEqual(await fresh.inspect(attempt, exited(0)), outcome);
        assert.deepEqual(fresh.commands(attempt), commands);
      }));

    test('knows nothing of how far a command is that cannot be seen, and stops when it is told to', () =>
      withAttempt('', async ({ logFile }) => {
        const { clock, armed } = heldClock();
        const told: Progress[] = [];
        const watch = plugin.create(mirror).watch?.({
          logFile,
          processes: () => Promise.resolve([]),
          clock,
          onProgress: (progress) => told.push(progress),
        });
        if (watch === undefined) return;
        for (const timer of [...armed]) {
          armed.delete(timer);
          timer();
        }
        watch.stop();
        watch.stop();
        // what was under way comes to its end
        await new Promise((resolve) => setTimeout(resolve, 50));
        assert.deepEqual(told, []);
        assert.equal(armed.size, 0, 'no timer is left');
      }));

    test('shows the password on no command line', () =>
      withAttempt('', (attempt) => {
        if (mirror.password === '') return;
        for (const { argv } of plugin.create(mirror).commands(attempt)) {
          assert.ok(argv.every((word) => !word.includes(mirror.password)));
        }
      }));

    test('takes 0 and the allowed exit codes for success, and nothing else', () =>
      withAttempt('', () => {
        const provider = plugin.create(mirror);
        assert.equal(provider.succeeded(exited(0)), true);
        for (const code of mirror.successExitCodes) assert.equal(provider.succeeded(exited(code)), true);
        assert.equal(provider.succeeded(exited(unused)), false);
        assert.equal(provider.succeeded({ code: null, signal: 'SIGTERM' }), false);
        assert.equal(provider.succeeded({ code: null, signal: null }), false);
      }));

    test('says in one line why an attempt failed', () =>
      withAttempt('', async (attempt) => {
        const provider = plugin.create(mirror);
        const code = failure(await provider.inspect(attempt, exited(unused)));
        assert.ok(code.startsWith(`exit status ${unused}`), code);
        const signal = failure(await provider.inspect(attempt, { code: null, signal: 'SIGKILL' }));
        assert.ok(signal.startsWith('signal: killed'), signal);
        failure(await provider.inspect(attempt, { code: null, signal: null }));
      }));

    test('is content with a good attempt that said nothing', () =>
      withAttempt('', async (attempt) => {
        for (const code of [0, ...mirror.successExitCodes]) {
          const { facts, ...rest } = await plugin.create(mirror).inspect(attempt, exited(code));
          assert.deepEqual(rest, { ok: true });
          assert.deepEqual(facts ?? {}, {});
        }
      }));

    if (sized !== undefined) {
      test(`reads the size ${sized.size} from the log`, () =>
        withAttempt(sized.log, async (attempt) => {
          const outcome = await plugin.create(mirror).inspect(attempt, exited(0));
          assert.ok(outcome.ok);
          assert.equal(outcome.size, sized.size);
        }));
    }
  });
}

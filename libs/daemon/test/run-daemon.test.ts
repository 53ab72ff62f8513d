import { EventEmitter } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { memoryLogger, type MemoryLogger } from '@tunasync/logger';
import { TunasyncError } from '@tunasync/protocol';
import { FakeClock, tempDir, waitFor } from '@tunasync/test-utils';
import { runDaemon, type DaemonOptions, type ProcessHost } from '../src/index.js';

/** A process that only remembers what was done to it. */
class FakeProcess extends EventEmitter implements ProcessHost {
  readonly pid = 4711;
  readonly errors: string[] = [];
  readonly exits: number[] = [];
  writeError(line: string): void {
    this.errors.push(line);
  }
  exit(code: number): void {
    this.exits.push(code);
  }
}

interface Run {
  host: FakeProcess;
  logger: MemoryLogger;
  clock: FakeClock;
  calls: string[];
  done: Promise<void>;
}

function run(overrides: Partial<DaemonOptions> = {}): Run {
  const host = new FakeProcess();
  const logger = memoryLogger();
  const clock = new FakeClock();
  const calls: string[] = [];
  const note = (call: string) => (): Promise<void> => {
    calls.push(call);
    return Promise.resolve();
  };
  const done = runDaemon({
    name: 'thing',
    logger,
    host,
    clock,
    start: note('start'),
    stop: note('stop'),
    ...overrides,
  });
  return { host, logger, clock, calls, done };
}

const started = (thing: Run): Promise<true> => waitFor('start', () => thing.calls.includes('start'));

describe('the service manager', () => {
  test('hears that the daemon works after its start, and that it halts before its stop', async () => {
    const calls: string[] = [];
    const thing = run({
      notifier: { tell: (...what) => Promise.resolve(void calls.push(...what)) },
      start: () => Promise.resolve(void calls.push('start')),
      stop: () => Promise.resolve(void calls.push('stop')),
    });
    await waitFor('readiness', () => calls.includes('READY=1'));
    thing.host.emit('SIGTERM');
    await thing.done;
    expect(calls).toEqual(['start', 'READY=1', 'STOPPING=1', 'stop']);
  });

  test('never hears that a daemon works that could not start', async () => {
    const calls: string[] = [];
    const thing = run({
      notifier: { tell: (...what) => Promise.resolve(void calls.push(...what)) },
      start: () => Promise.reject(new TunasyncError('TEST', 'no')),
    });
    await thing.done;
    expect(calls).toEqual(['STOPPING=1']);
  });
});

describe('runDaemon', () => {
  test('signals that come while the process ends are still caught', async () => {
    const host = new (class extends FakeProcess {
      /** What was listened for when the process ended. */
      caught: string[] = [];
      override exit(code: number): void {
        this.caught = this.eventNames().map(String);
        super.exit(code);
      }
    })();
    const thing = run({ host });
    await started(thing);
    host.emit('SIGTERM');
    await thing.done;
    expect(host.exits).toEqual([0]);
    expect(host.caught).toEqual(expect.arrayContaining(['SIGINT', 'SIGTERM', 'SIGHUP']));
    expect(host.eventNames()).toEqual([]);
  });

  test.each(['SIGINT', 'SIGTERM', 'SIGHUP'])('%s halts with exit code 0', async (signal) => {
    const thing = run();
    await started(thing);
    thing.host.emit(signal);
    await thing.done;
    expect(thing.calls).toEqual(['start', 'stop']);
    expect(thing.host.exits).toEqual([0]);
    expect(thing.host.errors).toEqual([]);
    expect(thing.host.eventNames()).toEqual([]);
  });

  test('a second SIGTERM while it stops changes nothing', async () => {
    let finish = (): void => undefined;
    const stopped = new Promise<void>((resolve) => (finish = resolve));
    const calls: string[] = [];
    const thing = run({
      stop: () => {
        calls.push('stop');
        return stopped;
      },
    });
    await started(thing);
    thing.host.emit('SIGTERM');
    await waitFor('stop', () => calls.length > 0);
    thing.host.emit('SIGTERM');
    thing.host.emit('SIGINT');
    expect(thing.host.exits).toEqual([]);
    finish();
    await thing.done;
    expect(calls).toEqual(['stop']);
    expect(thing.host.exits).toEqual([0]);
  });

  test('a signal during the start is obeyed at its end', async () => {
    let finish = (): void => undefined;
    const ready = new Promise<void>((resolve) => (finish = resolve));
    const thing = run({ start: () => ready });
    thing.host.emit('SIGTERM');
    expect(thing.calls).toEqual([]);
    finish();
    await thing.done;
    expect(thing.calls).toEqual(['stop']);
    expect(thing.host.exits).toEqual([0]);
  });

  test('a start is told of a halt, so that it need not wait any longer', async () => {
    const thing = run({
      start: (halted) =>
        new Promise((resolve) => {
          halted.addEventListener('abort', () => {
            resolve();
          });
        }),
    });
    thing.host.emit('SIGINT');
    await thing.done;
    expect(thing.calls).toEqual(['stop']);
    expect(thing.host.exits).toEqual([0]);
  });

  test('SIGHUP reloads, one after the other; a failed reload is logged and the daemon goes on', async () => {
    let running = 0;
    let reloads = 0;
    const thing = run({
      reload: async () => {
        expect(++running).toBe(1);
        await Promise.resolve();
        running--;
        if (++reloads === 1) throw new TunasyncError('CONFIG_INVALID', 'worker.conf:3: no name');
      },
    });
    await started(thing);
    thing.host.emit('SIGHUP');
    thing.host.emit('SIGHUP');
    await waitFor('reloads', () => reloads === 2);
    expect(thing.logger.lines.map(({ level, message }) => [level, message])).toEqual([
      ['error', 'Cannot reload: worker.conf:3: no name'],
    ]);
    expect(thing.host.exits).toEqual([]);
    thing.host.emit('SIGTERM');
    await thing.done;
    expect(thing.host.exits).toEqual([0]);
  });

  test('what keeps it from starting is one line on standard error and exit code 1', async () => {
    const thing = run({
      start: () => Promise.reject(new TunasyncError('LISTEN_FAILED', 'port 80\nis in use')),
    });
    await thing.done;
    expect(thing.calls).toEqual(['stop']);
    expect(thing.host.errors).toEqual(['thing: port 80 is in use']);
    expect(thing.host.exits).toEqual([1]);
  });

  test('a failed stop is one line on standard error and exit code 1', async () => {
    const thing = run({ stop: () => Promise.reject(new TunasyncError('STORE_CLOSE_FAILED', 'disk full')) });
    await started(thing);
    thing.host.emit('SIGTERM');
    await thing.done;
    expect(thing.host.errors).toEqual(['thing: disk full']);
    expect(thing.host.exits).toEqual([1]);
  });

  test.each(['unhandledRejection', 'uncaughtException'])('an %s stops it with exit code 1', async (event) => {
    const thing = run();
    await started(thing);
    thing.host.emit(event, new TypeError('x is not a function'));
    await thing.done;
    expect(thing.calls).toEqual(['start', 'stop']);
    expect(thing.host.errors).toEqual(['thing: x is not a function']);
    expect(thing.host.exits).toEqual([1]);
    expect(thing.logger.lines).toContainEqual(
      expect.objectContaining({ level: 'error', message: expect.stringContaining('x is not a function') }),
    );
  });

  test('after an error that nobody handled, a stop that never ends is given up', async () => {
    let stopping = false;
    const thing = run({
      stop: () => {
        stopping = true;
        return new Promise(() => undefined);
      },
    });
    await started(thing);
    thing.host.emit('unhandledRejection', 'boom');
    await waitFor('stop', () => stopping && thing.clock.pending > 0);
    await thing.clock.advance(10_000);
    await thing.done;
    expect(thing.host.exits).toEqual([1]);
  });

  test('the pidfile is there while it runs', async () => {
    await using dir = await tempDir();
    const pidfile = join(dir.path, 'pid');
    const thing = run({ pidfile });
    await started(thing);
    expect(existsSync(pidfile)).toBe(true);
    thing.host.emit('SIGTERM');
    await thing.done;
    expect(existsSync(pidfile)).toBe(false);
  });
});

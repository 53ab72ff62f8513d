import type { Logger } from '@tunasync/logger';
import { messageOf, systemClock, type Clock } from '@tunasync/protocol';
import { writePidfile, type Pidfile } from './pidfile.js';
import { thisProcess, type ProcessEvent, type ProcessHost } from './process-host.js';
import type { ServiceNotifier } from './service-notifier.js';

/** Milliseconds that `stop` gets after an error that nobody handled. */
const stopAfterErrorMs = 10_000;

/** Options of {@link runDaemon}. */
export interface DaemonOptions {
  /** The command's name, in front of the line on standard error. */
  name: string;
  /** With `flush`, that is awaited before the process ends. */
  logger: Logger & { flush?: () => Promise<void> };
  /**
   * Resolves when the daemon does its work. A rejection ends the process with 1.
   *
   * @param halted - aborted when the daemon is told to halt meanwhile: what it still waits for is of no use any more
   */
  start(halted: AbortSignal): Promise<void>;
  /** Resolves when everything is down; called once, also after a `start` that failed. */
  stop(): Promise<void>;
  /** What SIGHUP does; without it, SIGHUP halts as SIGTERM does. A rejection is logged, nothing else. */
  reload?: (() => Promise<void>) | undefined;
  /** Written before `start`, removed at the end. @defaultValue none */
  pidfile?: string | undefined;
  /** Is told when the daemon works, and when it halts. @defaultValue nobody */
  notifier?: ServiceNotifier | undefined;
  /** @defaultValue the process that this code runs in */
  host?: ProcessHost | undefined;
  /** @defaultValue the machine's clock */
  clock?: Clock | undefined;
}

/**
 * Runs a daemon until SIGINT or SIGTERM, then exits with 0; more of these change nothing.
 *
 * Whatever keeps it from starting or stopping, and every error that nobody handles, is one line on standard error
 * and exit code 1. A halt during `start` is obeyed at its end; `start` is told, so that it can come soon. Resolves after `exit` was called.
 */
export async function runDaemon(options: DaemonOptions): Promise<void> {
  const { name, logger, host = thisProcess(), clock = systemClock } = options;
  const halted = once();
  const halting = new AbortController();
  void halted.promise.then(() => {
    halting.abort();
  });
  const broken = once<unknown>();
  const started = once();
  let reloads = started.promise;
  const onHangup = (): void => {
    if (options.reload === undefined) halted.settle();
    else reloads = reloads.then(() => reload(options, logger));
  };
  const listeners: [ProcessEvent, (reason: unknown) => void][] = [
    [
      'SIGINT',
      () => {
        halted.settle();
      },
    ],
    [
      'SIGTERM',
      () => {
        halted.settle();
      },
    ],
    ['SIGHUP', onHangup],
    ['unhandledRejection', broken.settle],
    ['uncaughtException', broken.settle],
  ];
  for (const [event, listener] of listeners) host.on(event, listener);

  let pidfile: Pidfile | undefined;
  let code = 0;
  const report = (error: unknown): void => {
    logger.debug(error instanceof Error ? (error.stack ?? error.message) : String(error));
    if (code === 0) host.writeError(`${name}: ${messageOf(error)}`);
    code = 1;
  };
  try {
    if (options.pidfile !== undefined) {
      pidfile = await writePidfile(options.pidfile, { logger, pid: host.pid });
    }
    await options.start(halting.signal);
    started.settle();
    if (!halting.signal.aborted) await options.notifier?.tell('READY=1');
    const unhandled = broken.promise.then((reason) => {
      logger.error(`An error that nobody handled: ${messageOf(reason)}`);
      report(reason);
    });
    await Promise.race([halted.promise, unhandled]);
  } catch (error) {
    report(error);
  }
  try {
    void options.notifier?.tell('STOPPING=1');
    const stopping = options.stop();
    // after a halt, stop takes what it takes; in a broken state it may never end
    await Promise.race([stopping, broken.promise.then(() => sleep(clock, stopAfterErrorMs))]);
  } catch (error) {
    report(error);
  }
  await pidfile?.remove();
  await logger.flush?.();
  // in this order: a signal that comes while the process ends must not kill it, as its exit code counts
  host.exit(code);
  for (const [event, listener] of listeners) host.off(event, listener);
}

async function reload(options: DaemonOptions, logger: Logger): Promise<void> {
  try {
    await options.reload?.();
  } catch (error) {
    logger.error(`Cannot reload: ${messageOf(error)}`);
  }
}

function sleep(clock: Clock, ms: number): Promise<void> {
  return new Promise((resolve) => void clock.after(ms, resolve, { unref: true }));
}

/** A promise that is settled from outside; later calls change nothing. */
function once<T = void>(): { promise: Promise<T>; settle: (value: T) => void } {
  let settle: (value: T) => void = () => undefined;
  const promise = new Promise<T>((resolve) => (settle = resolve));
  return { promise, settle };
}

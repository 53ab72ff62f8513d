import { execFile } from 'node:child_process';
import type { Logger } from '@tunasync/logger';
import { messageOf } from '@tunasync/protocol';

/** Tells the service manager how the daemon is. */
export interface ServiceNotifier {
  /**
   * Sends assignments such as `READY=1`. Resolves when they are sent; never rejects: a failure is a warning.
   * Source: sd_notify(3).
   */
  tell(...assignments: readonly string[]): Promise<void>;
}

/** Options of {@link serviceNotifier}. */
export interface ServiceNotifierOptions {
  /** Of the daemon; without `NOTIFY_SOCKET` nobody is told. */
  env: Readonly<Record<string, string | undefined>>;
  logger: Logger;
}

/** Milliseconds after which the service manager is taken not to listen. */
const sendMs = 5000;

/**
 * Notifies systemd of readiness and halts, when it started the daemon with `Type=notify` and `NotifyAccess=all`.
 *
 * Node has no datagram sockets of the Unix kind, so `systemd-notify` sends for it.
 */
export function serviceNotifier({ env, logger }: ServiceNotifierOptions): ServiceNotifier {
  if ((env['NOTIFY_SOCKET'] ?? '') === '') return { tell: () => Promise.resolve() };
  return {
    tell: (...assignments) =>
      new Promise((resolve) => {
        const options = { env: { ...env }, timeout: sendMs, killSignal: 'SIGKILL' as const };
        execFile('systemd-notify', assignments, options, (error) => {
          if (error !== null) {
            logger.warn(`the service manager was not told ${assignments.join(' ')}: ${messageOf(error)}`);
          }
          resolve();
        });
      }),
  };
}

/** The environment without what belongs to the daemon alone: its children must not speak for it. */
export function withoutNotifySocket(
  env: Readonly<Record<string, string | undefined>>,
): Record<string, string | undefined> {
  const { NOTIFY_SOCKET: _, ...rest } = env;
  return rest;
}

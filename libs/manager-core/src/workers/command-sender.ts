import { WorkerClient, type TlsOptions, type WorkerAnswer } from '@tunasync/client';
import type { WorkerCmd, WorkerStatus } from '@tunasync/protocol';

/**
 * Posts a command to a worker and resolves to its answer, a refusal included. Rejects when there is none; with the
 * code `CLIENT_TIMEOUT` when the command was sent, so that the worker may carry it out all the same.
 */
export type CommandSender = (worker: WorkerStatus, command: WorkerCmd) => Promise<WorkerAnswer>;

/**
 * Milliseconds that a worker gets to answer: it does within 4 s, and the manager's own callers give up after 5 s.
 * Source: docs/http-api.md.
 */
export const commandTimeoutMs = 4_500;

/** Options of {@link openCommandSender}. */
export interface CommandSenderOptions extends TlsOptions {
  /** @defaultValue {@link commandTimeoutMs} */
  timeoutMs?: number | undefined;
}

/** A sender over HTTP and HTTPS with connections that are kept alive, and how to close those. */
export function openCommandSender(options: CommandSenderOptions = {}): {
  send: CommandSender;
  /** Uses other certificates from now on. @throws ClientOptionsError; then those before stay in use */
  setTls: (tls: TlsOptions) => void;
  close: () => void;
} {
  const client = new WorkerClient({ ...options, timeoutMs: options.timeoutMs ?? commandTimeoutMs });
  return {
    send: (worker, command) => client.send(worker.url, command),
    setTls: (tls) => {
      client.setTls(tls);
    },
    close: () => {
      client.close();
    },
  };
}

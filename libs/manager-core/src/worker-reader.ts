import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { TlsOptions } from '@tunasync/client';
import { messageOf, type WorkerStatus } from '@tunasync/protocol';
import { ManagerError } from './errors.js';

/** What is asked of a worker. */
export interface WorkerReadOptions {
  headers?: Readonly<Record<string, string>> | undefined;
  /** Gives it up, also while the answer is read. */
  signal: AbortSignal;
}

/**
 * Asks a worker for something and resolves to its answer as soon as that begins, whatever its status. Rejects with
 * `WORKER_UNREACHABLE` or `WORKER_SILENT` when there is none.
 */
export type WorkerReader = (
  worker: WorkerStatus,
  path: string,
  options: WorkerReadOptions,
) => Promise<IncomingMessage>;

/** Milliseconds that a worker gets to begin its answer; a search takes up to three seconds. */
const answerMs = 8_000;
/** Milliseconds of silence in an answer after which it is given up; a stream that lives says so every five seconds. */
const silenceMs = 30_000;

/** A reader over HTTP and HTTPS without proxies and redirects, and how to change its certificates. */
export function openWorkerReader(tls: TlsOptions = {}): {
  read: WorkerReader;
  /** Uses other certificates from now on; what is under way ends as it began. */
  setTls: (tls: TlsOptions) => void;
} {
  const plain = new HttpAgent();
  let secure = secureAgent(tls);
  const read: WorkerReader = (worker, path, { headers = {}, signal }) =>
    new Promise((resolve, reject) => {
      const url = urlOf(worker, path);
      if (url === undefined) {
        reject(unreachable(worker, 'it has registered without a URL'));
        return;
      }
      const options = { method: 'GET', headers, signal, timeout: answerMs };
      const sent =
        url.protocol === 'https:'
          ? httpsRequest(url, { ...options, agent: secure })
          : httpRequest(url, { ...options, agent: plain });
      sent.once('response', (answer) => {
        sent.setTimeout(silenceMs);
        resolve(answer);
      });
      sent.on('timeout', () => {
        sent.destroy(new ManagerError('WORKER_SILENT', `worker ${worker.id} does not answer in time`));
      });
      sent.on('error', (error) => {
        reject(error instanceof ManagerError ? error : unreachable(worker, messageOf(error), error));
      });
      sent.end();
    });
  return {
    read,
    setTls: (changed) => {
      secure = secureAgent(changed);
    },
  };
}

function secureAgent({ caCert, clientCert }: TlsOptions): HttpsAgent {
  return new HttpsAgent({ ...(caCert === undefined ? {} : { ca: caCert }), ...clientCert });
}

function urlOf({ url }: WorkerStatus, path: string): URL | undefined {
  if (!URL.canParse(url)) return undefined;
  const base = new URL(url);
  return new URL(`${base.pathname.replace(/\/$/, '')}${path}`, base);
}

function unreachable(worker: WorkerStatus, why: string, cause?: unknown): ManagerError {
  return new ManagerError('WORKER_UNREACHABLE', `worker ${worker.id} cannot be reached: ${why}`, { cause });
}

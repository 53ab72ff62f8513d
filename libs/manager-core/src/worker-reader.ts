import {
  Agent as HttpAgent,
  request as httpRequest,
  type ClientRequest,
  type IncomingMessage,
} from 'node:http';
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

/** How long workers are waited for. All in milliseconds. */
export interface WorkerReadTimes {
  /** Until the answer begins; a search takes up to three seconds. @defaultValue 8000 */
  answerMs?: number | undefined;
  /** Of silence in an answer; a stream that lives says so every five seconds. @defaultValue 30000 */
  silenceMs?: number | undefined;
}

/** A reader over HTTP and HTTPS without proxies and redirects, and how to change its certificates. */
export function openWorkerReader(
  tls: TlsOptions = {},
  times: WorkerReadTimes = {},
): {
  read: WorkerReader;
  /** Uses other certificates from now on; what is under way ends as it began. */
  setTls: (tls: TlsOptions) => void;
} {
  const plain = new HttpAgent();
  let secure = secureAgent(tls);
  const read: WorkerReader = async (worker, path, { headers = {}, signal }) => {
    const url = urlOf(worker, path);
    if (url === undefined) throw unreachable(worker, 'it has registered without a URL');
    const isSecure = url.protocol === 'https:';
    const options = { method: 'GET', headers, signal, agent: isSecure ? secure : plain };
    const sent = (isSecure ? httpsRequest : httpRequest)(url, options);
    return answerOf(sent, worker, times);
  };
  return {
    read,
    setTls: (changed) => {
      secure = secureAgent(changed);
    },
  };
}

function answerOf(
  sent: ClientRequest,
  worker: WorkerStatus,
  { answerMs = 8_000, silenceMs = 30_000 }: WorkerReadTimes,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const giveUp = (): void => {
      const silent = new ManagerError('WORKER_SILENT', `worker ${worker.id} does not answer in time`);
      // the request alone would end without telling who reads the answer
      (answer ?? sent).destroy(silent);
    };
    let answer: IncomingMessage | undefined;
    // not a time of silence: who sends a byte now and then has not begun to answer either
    const deadline = setTimeout(giveUp, answerMs);
    sent.once('response', (begun) => {
      clearTimeout(deadline);
      answer = begun;
      // that of the request tells of one silence only
      const { socket } = begun;
      let wasRead = true;
      socket.setTimeout(silenceMs);
      socket.on('timeout', () => {
        // when what came waits to be read, or did so a moment ago, the worker is not the one who is silent
        const isRead = begun.readableLength === 0;
        if (isRead && wasRead) giveUp();
        else socket.setTimeout(silenceMs);
        wasRead = isRead;
      });
      resolve(begun);
    });
    sent.on('error', (error) => {
      clearTimeout(deadline);
      reject(error instanceof ManagerError ? error : unreachable(worker, messageOf(error), error));
    });
    // a change of protocol that nobody asked for ends without an error
    sent.once('close', () => {
      clearTimeout(deadline);
      reject(unreachable(worker, 'it does not answer over HTTP'));
    });
    sent.end();
  });
}

function secureAgent({ caCert, clientCert }: TlsOptions): HttpsAgent {
  return new HttpsAgent({ ...(caCert === undefined ? {} : { ca: caCert }), ...clientCert });
}

/** The path of the worker's own URL is kept, such as that of a proxy in front of it. */
function urlOf({ url }: WorkerStatus, path: string): URL | undefined {
  if (!URL.canParse(url)) return undefined;
  const target = new URL(url);
  if (target.protocol !== 'http:' && target.protocol !== 'https:') return undefined;
  const [name = '', ...query] = path.split('?');
  target.pathname = `${target.pathname.replace(/\/$/, '')}${name}`;
  target.search = query.join('?');
  target.hash = '';
  return target;
}

function unreachable(worker: WorkerStatus, why: string, cause?: unknown): ManagerError {
  return new ManagerError('WORKER_UNREACHABLE', `worker ${worker.id} cannot be reached: ${why}`, { cause });
}

import {
  AbortedError,
  BadReplyError,
  ClientOptionsError,
  nodeTransport,
  TimeoutError,
  UnreachableError,
  WorkerClient,
  type StreamReply,
  type TlsOptions,
} from '@tunasync/client';
import { messageOf, type Clock, type WorkerStatus } from '@tunasync/protocol';
import { ManagerError } from '../errors/manager-error.js';

/** Options of one request to a worker. */
export interface WorkerReadOptions {
  headers?: Readonly<Record<string, string>> | undefined;
  /** Aborts the request, also while the answer is read. */
  signal: AbortSignal;
}

/**
 * Asks a worker for something and resolves to its answer as soon as that begins, whatever its status. The promise and
 * the body reject with ManagerError `WORKER_UNREACHABLE` or `WORKER_SILENT`.
 */
export type WorkerReader = (
  worker: WorkerStatus,
  path: string,
  options: WorkerReadOptions,
) => Promise<StreamReply>;

/** Options of {@link openWorkerReader}. */
export interface WorkerReaderOptions extends TlsOptions {
  /** Milliseconds until an answer must begin; a search takes up to three seconds. @defaultValue 8000 */
  answerMs?: number | undefined;
  /** Milliseconds of silence within an answer; a stream sends something every five seconds. @defaultValue 30000 */
  silenceMs?: number | undefined;
  /** @defaultValue the machine's clock */
  clock?: Clock | undefined;
}

/** A {@link WorkerReader} with its connections. */
export interface OpenWorkerReader extends Disposable {
  read: WorkerReader;
  /** Uses other certificates from now on; running requests end with those that they began with. */
  setTls: (tls: TlsOptions) => void;
  /** Aborts running requests and closes all connections. */
  close: () => void;
}

/** Opens a reader over HTTP and HTTPS that uses no proxy and follows no redirect. */
export function openWorkerReader(options: WorkerReaderOptions = {}): OpenWorkerReader {
  const { answerMs: timeoutMs = 8_000, silenceMs: idleMs = 30_000, ...connection } = options;
  const client = new WorkerClient({ ...connection, transport: nodeTransport });
  const close = (): void => {
    client.close();
  };
  return {
    read: async (worker, path, options) => {
      try {
        const reply = await client.open(worker.url, path, { ...options, timeoutMs, idleMs });
        return { ...reply, body: explained(worker, reply.body) };
      } catch (error) {
        throw explain(worker, error);
      }
    },
    setTls: (changed) => {
      client.setTls(changed);
    },
    close,
    [Symbol.dispose]: close,
  };
}

async function* explained(worker: WorkerStatus, body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* body;
  } catch (error) {
    throw explain(worker, error);
  }
}

function explain(worker: WorkerStatus, error: unknown): ManagerError {
  if (error instanceof TimeoutError || (error instanceof UnreachableError && error.reason === 'timeout')) {
    return new ManagerError('WORKER_SILENT', `worker ${worker.id} does not answer in time`, { cause: error });
  }
  return new ManagerError('WORKER_UNREACHABLE', `worker ${worker.id} cannot be reached: ${reasonOf(error)}`, {
    cause: error,
  });
}

function reasonOf(error: unknown): string {
  if (error instanceof ClientOptionsError) return 'it has registered without a URL';
  if (error instanceof UnreachableError) return error.why;
  if (error instanceof BadReplyError) return 'it does not answer over HTTP';
  if (error instanceof AbortedError) return 'the request was aborted';
  return messageOf(error);
}

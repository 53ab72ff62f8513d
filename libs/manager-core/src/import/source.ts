import { BadReplyError, ClientError, ManagerClient, RefusedError } from '@tunasync/client';
import { maxHistoryLimit, type MirrorStatus, type RunRecord, type WorkerStatus } from '@tunasync/protocol';
import { ManagerError } from '../errors/manager-error.js';

/** Milliseconds that one answer may take: a manager of v0.10 reads its whole database for it. */
const timeoutMs = 30_000;
/** Requests at a time. */
const parallel = 4;

/** What another manager answers; where it does not, `IMPORT_FAILED` says why. */
export class ImportSource implements Disposable {
  readonly #client: ManagerClient;

  /** @throws ClientOptionsError for a URL or certificate that is none */
  constructor(options: {
    url: string;
    caCert?: string | undefined;
    clientCert?: { cert: string; key: string } | undefined;
  }) {
    const { url: baseUrl, ...tls } = options;
    this.#client = new ManagerClient({ baseUrl, timeoutMs, ...tls });
  }

  get address(): string {
    return this.#client.address;
  }

  /** All workers, each with the statuses of its mirrors. */
  async workers(): Promise<{ worker: WorkerStatus; statuses: MirrorStatus[] }[]> {
    const workers = await this.#ask(() => this.#client.listWorkers());
    return inParallel(workers, async (worker) => ({
      worker,
      statuses: await this.#ask(() => this.#client.listWorkerJobs(worker.id)),
    }));
  }

  /**
   * The newest finished runs of mirrors, by mirror; undefined when that manager keeps none.
   *
   * @param each - called with the runs of one mirror; the next ones are asked for when it is done
   */
  async history(
    names: readonly string[],
    each: (name: string, runs: RunRecord[]) => Promise<void>,
  ): Promise<boolean> {
    for (const name of names) {
      let runs: RunRecord[];
      try {
        runs = await this.#client.jobHistory(name, { limit: maxHistoryLimit });
      } catch (error) {
        const refused = error instanceof RefusedError && error.httpStatus === 404;
        // a mirror that went meanwhile has none; a manager of v0.10 does not know the question
        if (refused && error.serverMessage?.startsWith('no worker has') === true) continue;
        if (refused || error instanceof BadReplyError) return false;
        throw failed(error);
      }
      await each(name, runs);
    }
    return true;
  }

  [Symbol.dispose](): void {
    this.#client.close();
  }

  async #ask<T>(question: () => Promise<T>): Promise<T> {
    try {
      return await question();
    } catch (error) {
      throw failed(error);
    }
  }
}

function failed(error: unknown): unknown {
  if (!(error instanceof ClientError)) return error;
  const doubt = error instanceof RefusedError || error instanceof BadReplyError;
  const message = `${error.message}${doubt ? '; is it the address of a tunasync manager?' : ''}`;
  return new ManagerError('IMPORT_FAILED', `cannot import: ${message}`, { cause: error });
}

async function inParallel<T, R>(items: readonly T[], step: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let index = next++; index < items.length; index = next++) {
      const item = items[index];
      if (item !== undefined) results[index] = await step(item);
    }
  };
  await Promise.all(Array.from({ length: parallel }, lane));
  return results;
}

import type { TlsOptions } from '@tunasync/client';
import {
  nameProblem,
  shortened,
  systemClock,
  type Clock,
  type MirrorStatus,
  type RunRecord,
  type WorkerStatus,
} from '@tunasync/protocol';
import { runKeyOf, type StoreChange } from '@tunasync/store';
import { isStopped, reportedStop } from '../reports/late-report.js';
import { retentionOf, type HistoryLimits } from '../runs/run-service.js';
import type { StatusCache } from '../store/status-cache.js';
import { isCopy, mergeWorker, replaces } from './merge.js';
import { ImportSource } from './source.js';

/** Options of {@link importManager}. */
export interface ImportOptions extends TlsOptions {
  /** Where the other manager is, such as `http://10.0.0.1:14242`. */
  url: string;
  /** Where to put what it knows; nothing else may write to it meanwhile. */
  store: StatusCache;
  /** Finished runs that are kept. */
  history?: HistoryLimits | undefined;
  /** @defaultValue the machine's clock */
  clock?: Pick<Clock, 'now'> | undefined;
}

/** What became of what the other manager knows. */
export interface ImportCounts {
  added: number;
  updated: number;
  /** What is known here is the same, or newer. */
  unchanged: number;
}

/** What {@link importManager} did. */
export interface ImportResult {
  /** The other manager's URL without userinfo. */
  address: string;
  workers: ImportCounts;
  mirrors: ImportCounts;
  /** Finished runs; undefined when the other manager keeps none, as one of v0.10. */
  runs: ImportCounts | undefined;
  /** What was left out because it cannot be kept, one line each. */
  skipped: string[];
}

/**
 * Copies workers, the statuses of their mirrors, and finished runs from a running manager of ours or of the original.
 * Newer data that is here already stays, so that it can be done again. Tokens are not copied: nobody shows them.
 *
 * All answers about workers and statuses are there before anything is written, and each worker is one write together
 * with its statuses: what fails leaves whole workers behind, and can be done again.
 *
 * @throws ManagerError `IMPORT_FAILED` when the other manager does not answer, or is none; ClientOptionsError for a
 * URL that is none
 */
export async function importManager(options: ImportOptions): Promise<ImportResult> {
  const { url, store, history, clock = systemClock, caCert, clientCert } = options;
  using source = new ImportSource({ url, caCert, clientCert });
  const none = (): ImportCounts => ({ added: 0, updated: 0, unchanged: 0 });
  const result: ImportResult = {
    address: source.address,
    workers: none(),
    mirrors: none(),
    runs: none(),
    skipped: [],
  };
  const importing = new Import(store, result);
  const found = await source.workers();
  for (const { worker, statuses } of found) await importing.worker(worker, statuses);
  const names = new Set(found.flatMap(({ statuses }) => statuses.map(({ name }) => name)));
  const valid = [...names].filter((name) => nameProblem(name) === undefined);
  const { runsPerMirror, keptMs } = retentionOf(history);
  const limits = { runsPerMirror, since: clock.now() - keptMs };
  const kept = await source.history(valid, (name, runs) => importing.runs(name, runs, limits));
  return kept ? result : { ...result, runs: undefined };
}

class Import {
  readonly #store: StatusCache;
  readonly #result: ImportResult;

  constructor(store: StatusCache, result: ImportResult) {
    this.#store = store;
    this.#result = result;
  }

  /** One write: the worker and its statuses. */
  async worker(remote: WorkerStatus, statuses: readonly MirrorStatus[]): Promise<void> {
    const { id } = remote;
    const problem = nameProblem(id);
    if (problem !== undefined) {
      this.#result.skipped.push(`worker ${JSON.stringify(shortened(id))}: its id ${problem}`);
      return;
    }
    const local = this.#store.worker(id);
    const copied = isCopy(local, remote);
    const changes: StoreChange[] = [];
    const merged = mergeWorker(local, remote);
    count(this.#result.workers, local, merged);
    if (merged !== undefined) changes.push({ type: 'put-worker', worker: merged });
    for (const status of statuses) changes.push(...this.#status({ ...status, worker: id }, copied));
    if (changes.length > 0) await this.#store.write(changes);
  }

  /** The runs of one mirror at all workers. @param limits - `since`: milliseconds since the Unix epoch */
  async runs(
    name: string,
    runs: readonly RunRecord[],
    { runsPerMirror, since }: { runsPerMirror: number; since: number },
  ): Promise<void> {
    for (const worker of new Set(runs.map((run) => run.worker))) {
      if (this.#store.worker(worker) === undefined) continue;
      const known = await this.#store.listRunKeys({ worker, name });
      const ids = new Set(known.map(({ id }) => id));
      const own = runs.filter((run) => run.worker === worker).map((run) => ({ ...run, name }));
      const fresh = own.filter((run) => !ids.has(run.id) && runKeyOf(run).ended >= since);
      // of those here and there the newest ones
      const ends = [...known, ...fresh.map(runKeyOf)]
        .map(({ ended }) => ended)
        .sort((one, other) => other - one);
      const oldest = ends[runsPerMirror - 1] ?? 0;
      const kept = fresh.filter((run) => runKeyOf(run).ended >= oldest);
      if (kept.length > 0) await this.#store.write(kept.map((run) => ({ type: 'put-run', run })));
      if (this.#result.runs === undefined) continue;
      this.#result.runs.added += kept.length;
      this.#result.runs.unchanged += own.length - kept.length;
    }
  }

  #status(remote: MirrorStatus, copied: boolean): StoreChange[] {
    const { worker, name } = remote;
    const problem = nameProblem(name);
    if (problem !== undefined) {
      this.#result.skipped.push(
        `mirror ${JSON.stringify(shortened(name))} of worker ${JSON.stringify(worker)}: its name ${problem}`,
      );
      return [];
    }
    const local = { status: this.#store.status(worker, name), stop: this.#store.stop(worker, name), copied };
    const taken = replaces(remote, local) ? remote : undefined;
    count(this.#result.mirrors, local.status, taken);
    if (taken === undefined) return [];
    const changes: StoreChange[] = [{ type: 'put-status', status: taken }];
    // as if the worker itself had reported it
    if (isStopped(taken))
      changes.push({ type: 'put-stop', stop: reportedStop(undefined, taken, { worker }) });
    else if (local.stop !== undefined) changes.push({ type: 'delete-stop', worker, name });
    return changes;
  }
}

function count(counts: ImportCounts, before: unknown, after: unknown): void {
  if (after === undefined) counts.unchanged++;
  else if (before === undefined) counts.added++;
  else counts.updated++;
}

import type { MirrorStatus, RunRecord, WorkerStatus } from '@tunasync/protocol';
import { DurableKv, type DurableKvOptions } from '../kv/durable-kv.js';
import type { KvChange } from '../kv/kv-engine.js';
import {
  decodeRun,
  decodeStop,
  encodeStop,
  mirrorPart,
  parseMirrorPart,
  parseRunPart,
  runBucket,
  runKeyOf,
  runPart,
  stopBucket,
  workerPrefix,
} from '../layout/run-layout.js';
import {
  decodeStatus,
  decodeWorker,
  statusBucket,
  statusField,
  workerBucket,
} from '../layout/status-layout.js';
import type { MirrorKey, RunKey, StatusStore, StopRecord, StoreChange } from '../store/interfaces.js';

/** Options of {@link openLevelStore}. */
export type LevelStoreOptions = DurableKvOptions;

/**
 * Opens the LevelDB at `path`, which may be one that the original wrote. Every value is read once to see that it
 * can be; keys outside the two buckets are left alone.
 *
 * @throws StoreError `STORE_LOCKED`, `STORE_UNWRITABLE`, `STORE_NOT_A_DATABASE`, or `STORE_DAMAGED` (names the key)
 */
export async function openLevelStore(path: string, options: LevelStoreOptions): Promise<StatusStore> {
  const store = new LevelStore(await DurableKv.open(path, options));
  try {
    await store.load();
  } catch (error) {
    await store.close();
    throw error;
  }
  return store;
}

class LevelStore implements StatusStore {
  readonly kind = 'level';
  readonly #kv: DurableKv;
  /**
   * Fields of all statuses that a worker has, may get or once had, pending writes included: a deletion of the
   * worker covers them. Never too few; deleting a missing key does nothing.
   */
  readonly #fields = new Map<string, Set<string>>();

  constructor(kv: DurableKv) {
    this.#kv = kv;
  }

  async load(): Promise<void> {
    await this.listWorkers();
    for (const { worker, name } of await this.listStatuses())
      this.#fieldsOf(worker).add(statusField(worker, name));
  }

  async listWorkers(): Promise<WorkerStatus[]> {
    const entries = await this.#kv.entries(workerBucket);
    return entries.map(([key, json]) => this.#worker(key.slice(workerBucket.length), json));
  }

  async getWorker(id: string): Promise<WorkerStatus | undefined> {
    const json = await this.#kv.get(workerBucket + id);
    return json === undefined ? undefined : this.#worker(id, json);
  }

  async listStatuses(worker?: string): Promise<MirrorStatus[]> {
    const entries = await this.#kv.entries(statusBucket);
    const suffix = worker === undefined ? '' : `/${worker}`;
    return entries
      .filter(([key]) => key.endsWith(suffix))
      .map(([key, json]) => this.#status(key.slice(statusBucket.length), json));
  }

  async getStatus(worker: string, name: string): Promise<MirrorStatus | undefined> {
    const field = statusField(worker, name);
    const json = await this.#kv.get(statusBucket + field);
    return json === undefined ? undefined : this.#status(field, json);
  }

  async listStops(): Promise<StopRecord[]> {
    const entries = await this.#kv.entries(stopBucket);
    return entries.flatMap(([key, json]) => {
      const mirror = parseMirrorPart(key.slice(stopBucket.length));
      return (mirror && decodeStop(mirror, json)) ?? [];
    });
  }

  async listRuns(mirror: MirrorKey, limit: number): Promise<RunRecord[]> {
    const entries = await this.#kv.entries(runsOf(mirror), { reverse: true, limit });
    return entries.flatMap(([, json]) => decodeRun(mirror, json) ?? []);
  }

  async listRunKeys(mirror: MirrorKey): Promise<RunKey[]> {
    const prefix = runsOf(mirror);
    const keys = await this.#kv.keys(prefix, { reverse: true });
    return keys.flatMap((key) => parseRunPart(mirror, key.slice(prefix.length)) ?? []);
  }

  async listRunMirrors(): Promise<MirrorKey[]> {
    const mirrors: MirrorKey[] = [];
    // from the first run of a mirror to the first one of the next
    let after: string | undefined;
    for (;;) {
      const [key] = await this.#kv.keys(runBucket, { after, limit: 1 });
      if (key === undefined) return mirrors;
      const part = key.slice(runBucket.length).split('/', 2).join('/');
      const mirror = parseMirrorPart(part);
      if (mirror !== undefined) mirrors.push(mirror);
      // '0' is the character after '/'
      after = `${runBucket}${part}0`;
    }
  }

  write(changes: readonly StoreChange[]): Promise<void> {
    const ops: KvChange[] = [];
    for (const change of changes) this.#addOps(ops, change);
    return this.#kv.write(ops);
  }

  close(): Promise<void> {
    return this.#kv.close();
  }

  #addOps(ops: KvChange[], change: StoreChange): void {
    switch (change.type) {
      case 'put-worker':
        ops.push({ type: 'put', key: workerBucket + change.worker.id, value: JSON.stringify(change.worker) });
        break;
      case 'delete-worker':
        ops.push({ type: 'del', key: workerBucket + change.id });
        for (const field of this.#fieldsOf(change.id)) ops.push({ type: 'del', key: statusBucket + field });
        for (const bucket of [stopBucket, runBucket]) {
          ops.push({ type: 'del-prefix', prefix: bucket + workerPrefix(change.id) });
        }
        break;
      case 'put-status': {
        const field = statusField(change.status.worker, change.status.name);
        this.#fieldsOf(change.status.worker).add(field);
        ops.push({ type: 'put', key: statusBucket + field, value: JSON.stringify(change.status) });
        break;
      }
      case 'delete-status':
        ops.push({ type: 'del', key: statusBucket + statusField(change.worker, change.name) });
        break;
      case 'put-stop':
        ops.push({ type: 'put', key: stopBucket + mirrorPart(change.stop), value: encodeStop(change.stop) });
        break;
      case 'delete-stop':
        ops.push({ type: 'del', key: stopBucket + mirrorPart(change) });
        break;
      case 'put-run': {
        const key = runKeyOf(change.run);
        ops.push({ type: 'put', key: runsOf(key) + runPart(key), value: JSON.stringify(change.run) });
        break;
      }
      case 'delete-run':
        ops.push({ type: 'del', key: runsOf(change.key) + runPart(change.key) });
        break;
    }
  }

  #fieldsOf(worker: string): Set<string> {
    let fields = this.#fields.get(worker);
    if (fields === undefined) this.#fields.set(worker, (fields = new Set()));
    return fields;
  }

  #worker(id: string, json: string): WorkerStatus {
    return decodeWorker(this.#where(workerBucket + id), id, json);
  }

  #status(field: string, json: string): MirrorStatus {
    return decodeStatus(this.#where(statusBucket + field), field, json);
  }

  #where(key: string): string {
    return `the database ${this.#kv.path} is damaged: the value of ${JSON.stringify(key)}`;
  }
}

/** The prefix of the keys of all runs of a mirror. */
function runsOf(mirror: MirrorKey): string {
  return `${runBucket}${mirrorPart(mirror)}/`;
}

import assert from 'node:assert/strict';
import { zeroTime, type MirrorStatus, type WorkerStatus } from '@tunasync/protocol';
import type { StatusStore, StoreChange } from '../store/interfaces.js';

/** A store that a contract test may fill, and how to get rid of it. */
export interface StoreUnderTest {
  /** Open and empty. */
  store: StatusStore;
  /** Closes the store and opens the same data again. Leave it out when nothing survives a close. */
  reopen?: () => Promise<StatusStore>;
  /** Closes whatever is still open and removes the data. */
  dispose(): Promise<void>;
}

/** Declares one test of the contract; the store is removed after it. */
export type Check = (title: string, body: (opened: StoreUnderTest) => Promise<void>) => void;

/** A worker. */
export const workerOf = (id: string, more: Partial<WorkerStatus> = {}): WorkerStatus => ({
  id,
  url: `http://127.0.0.1:6000/${encodeURIComponent(id)}/`,
  token: '',
  last_online: zeroTime,
  last_register: zeroTime,
  ...more,
});

/** A status of a mirror. */
export const statusOf = (worker: string, name: string, more: Partial<MirrorStatus> = {}): MirrorStatus => ({
  name,
  worker,
  is_master: true,
  status: 'success',
  last_update: '2026-11-23T17:21:41.402910625Z',
  last_started: '2026-11-23T17:20:00Z',
  last_ended: '2026-11-23T17:21:41.402910625Z',
  next_schedule: zeroTime,
  upstream: 'rsync://example.org/x/',
  size: 'unknown',
  error_msg: '',
  ...more,
});

/** The change that stores a worker. */
export const putWorker = (worker: WorkerStatus): StoreChange => ({ type: 'put-worker', worker });
/** The change that stores a status. */
export const putStatus = (status: MirrorStatus): StoreChange => ({ type: 'put-status', status });

/** Compares records by their JSON. */
export const byText = (one: unknown, other: unknown): number =>
  JSON.stringify(one) < JSON.stringify(other) ? -1 : 1;

/** Records in one order and without absent members, so that equal content is equal. */
export function sorted<T>(records: readonly T[]): T[] {
  return (JSON.parse(JSON.stringify(records)) as T[])
    .map((record) => Object.fromEntries(Object.entries(record as object).sort(byText)) as T)
    .sort(byText);
}

/** Asserts that a store has exactly these workers and statuses, by every way to read them. */
export async function assertHolds(
  store: StatusStore,
  workers: WorkerStatus[],
  statuses: MirrorStatus[],
): Promise<void> {
  assert.deepEqual(sorted(await store.listWorkers()), sorted(workers));
  assert.deepEqual(sorted(await store.listStatuses()), sorted(statuses));
  for (const worker of workers) {
    assert.deepEqual(sorted([await store.getWorker(worker.id)]), sorted([worker]));
    const own = statuses.filter((status) => status.worker === worker.id);
    assert.deepEqual(sorted(await store.listStatuses(worker.id)), sorted(own));
  }
  for (const status of statuses) {
    assert.deepEqual(sorted([await store.getStatus(status.worker, status.name)]), sorted([status]));
  }
}

/** Names that a separator, a prefix match or an encoding could trip over. */
export const oddNames = [
  'debian',
  'debian-cd',
  'deb.ian',
  'c++',
  'with space',
  '镜像',
  'ünï\u0301',
  '🐟',
  '"quoted"',
  "it's",
  'back\\slash',
  '%2F',
  'mirror_status',
  'mirror_statusworkers',
  'workers',
  'workersx',
  '__proto__',
  'constructor',
  '*',
  'x:y',
];

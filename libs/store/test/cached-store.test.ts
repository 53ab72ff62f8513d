import { setImmediate } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { memoryLogger } from '@tunasync/logger';
import { zeroTime, type MirrorStatus, type WorkerStatus } from '@tunasync/protocol';
import {
  CachedStore,
  memoryStore,
  StoreError,
  type ChangedKey,
  type StatusStore,
  type StoreChange,
} from '../src/index.js';

const worker = (id: string, url = 'http://x/'): WorkerStatus => ({
  id,
  url,
  token: '',
  last_online: zeroTime,
  last_register: zeroTime,
});
const status = (workerId: string, name: string, size = '1'): MirrorStatus => ({
  name,
  worker: workerId,
  is_master: true,
  status: 'success',
  last_update: zeroTime,
  last_started: zeroTime,
  last_ended: zeroTime,
  next_schedule: zeroTime,
  upstream: '',
  size,
  error_msg: '',
});
const put = (workerId: string, name: string, size?: string): StoreChange => ({
  type: 'put-status',
  status: status(workerId, name, size),
});

/** A store whose writes wait until a test answers them, first come first served, or in any order. */
function slowStore(): {
  store: StatusStore;
  answers: { ok: () => Promise<void>; fail: () => Promise<void> }[];
  disk: StatusStore;
  reads: { count: number; error: Error | undefined };
} {
  const disk = memoryStore();
  const answers: { ok: () => Promise<void>; fail: () => Promise<void> }[] = [];
  const reads: { count: number; error: Error | undefined } = { count: 0, error: undefined };
  const store: StatusStore = {
    ...disk,
    kind: 'slow',
    listStatuses: (id) => {
      reads.count++;
      return reads.error === undefined ? disk.listStatuses(id) : Promise.reject(reads.error);
    },
    write: (changes) =>
      new Promise((resolve, reject) => {
        answers.push({
          ok: async () => {
            await disk.write(changes);
            resolve();
            await setImmediate();
          },
          fail: async () => {
            reject(new StoreError('STORE_WRITE_FAILED', 'cannot write: No space left on device'));
            await setImmediate();
          },
        });
      }),
  };
  return { store, answers, disk, reads };
}

const sizes = (cache: CachedStore): Record<string, string> =>
  Object.fromEntries(cache.statuses().map(({ worker: id, name, size }) => [`${name}@${id}`, size]));

/** `stored` or the error's code, once it is known. */
function outcome(promise: Promise<void>): { value: string | undefined } {
  const result: { value: string | undefined } = { value: undefined };
  promise.then(
    () => (result.value = 'stored'),
    (error: unknown) => (result.value = (error as StoreError).code),
  );
  return result;
}

describe('reads', () => {
  test('show what the store held when it was opened', async () => {
    const store = memoryStore();
    await store.write([
      { type: 'put-worker', worker: worker('w') },
      put('w', 'a'),
      put('v', 'a', '2'),
      put('w', 'b'),
    ]);
    const cache = await CachedStore.open(store);
    expect(cache.kind).toBe('memory');
    expect(cache.workers()).toEqual([worker('w')]);
    expect(cache.worker('w')).toEqual(worker('w'));
    expect(cache.worker('v')).toBeUndefined();
    expect(sizes(cache)).toEqual({ 'a@w': '1', 'b@w': '1', 'a@v': '2' });
    expect(cache.statusesOf('v')).toEqual([status('v', 'a', '2')]);
    expect(cache.statusesOf('nobody')).toEqual([]);
    expect(cache.status('w', 'b')).toEqual(status('w', 'b'));
    expect(cache.status('v', 'b')).toBeUndefined();
    await cache.close();
  });

  test('show a change immediately, and its promise waits for the store', async () => {
    const { store, answers, disk } = slowStore();
    const cache = await CachedStore.open(store);
    const first = outcome(cache.write([put('w', 'a', '1')]));
    const second = outcome(cache.write([put('w', 'a', `${cache.status('w', 'a')?.size ?? ''}2`)]));
    expect(sizes(cache)).toEqual({ 'a@w': '12' });
    await setImmediate();
    expect([first.value, second.value]).toEqual([undefined, undefined]);
    expect(await disk.listStatuses()).toEqual([]);
    await answers[0]!.ok();
    expect([first.value, second.value]).toEqual(['stored', undefined]);
    await answers[1]!.ok();
    expect(second.value).toBe('stored');
    expect(await disk.listStatuses()).toEqual([status('w', 'a', '12')]);
  });
});

describe('a failed write', () => {
  test('takes back everything that was not acknowledged and rejects it', async () => {
    const { store, answers, reads, disk } = slowStore();
    await disk.write([
      { type: 'put-worker', worker: worker('w') },
      put('w', 'a', 'old'),
      put('w', 'gone', 'old'),
    ]);
    const cache = await CachedStore.open(store);
    const stored = outcome(cache.write([put('w', 'b', 'stored')]));
    const failing = outcome(
      cache.write([put('w', 'a', 'new'), { type: 'delete-status', worker: 'w', name: 'gone' }]),
    );
    const later = outcome(
      cache.write([{ type: 'put-worker', worker: worker('v') }, put('v', 'c'), put('w', 'a', 'newer')]),
    );
    const last = outcome(cache.write([{ type: 'delete-worker', id: 'w' }]));
    expect(sizes(cache)).toEqual({ 'c@v': '1' });
    await answers[0]!.ok();
    await answers[1]!.fail();
    expect([stored.value, failing.value]).toEqual(['stored', 'STORE_WRITE_FAILED']);
    expect(sizes(cache)).toEqual({ 'a@w': 'old', 'gone@w': 'old', 'b@w': 'stored' });
    expect(cache.workers()).toEqual([worker('w')]);
    await answers[2]!.fail();
    await answers[3]!.fail();
    expect([later.value, last.value]).toEqual(['STORE_WRITE_FAILED', 'STORE_WRITE_FAILED']);
    expect(sizes(cache)).toEqual({ 'a@w': 'old', 'gone@w': 'old', 'b@w': 'stored' });
    // read again once, when nothing was pending any more
    expect(reads.count).toBe(2);
    const next = outcome(cache.write([put('w', 'a', 'next')]));
    await setImmediate();
    await answers[4]!.ok();
    expect(next.value).toBe('stored');
    expect(sizes(cache)).toEqual({ 'a@w': 'next', 'gone@w': 'old', 'b@w': 'stored' });
  });

  test('a later write that the store applied nevertheless is rejected, and shown as stored', async () => {
    const { store, answers } = slowStore();
    const cache = await CachedStore.open(store);
    const failing = outcome(cache.write([put('w', 'a')]));
    const taken = outcome(cache.write([put('w', 'b')]));
    await answers[0]!.fail();
    expect(sizes(cache)).toEqual({});
    const waiting = outcome(cache.write([put('w', 'c')]));
    // not before it is known what the store holds
    expect(answers).toHaveLength(2);
    await answers[1]!.ok();
    await setImmediate();
    expect([failing.value, taken.value]).toEqual(['STORE_WRITE_FAILED', 'STORE_WRITE_FAILED']);
    await answers[2]!.ok();
    expect(waiting.value).toBe('stored');
    expect(sizes(cache)).toEqual({ 'b@w': '1', 'c@w': '1' });
  });

  test('while the store cannot be read again writes are refused, and the acknowledged is shown', async () => {
    const { store, answers, reads } = slowStore();
    const cache = await CachedStore.open(store);
    const stored = cache.write([put('w', 'a')]);
    await answers[0]!.ok();
    await stored;
    const failing = outcome(cache.write([put('w', 'a', 'new')]));
    reads.error = new Error('the disk is gone');
    await answers[1]!.fail();
    expect(failing.value).toBe('STORE_WRITE_FAILED');
    await expect(cache.write([put('w', 'b')])).rejects.toMatchObject({
      code: 'STORE_WRITE_FAILED',
      message: 'cannot write to the store: the disk is gone',
    });
    expect(sizes(cache)).toEqual({ 'a@w': '1' });
    reads.error = undefined;
    const next = outcome(cache.write([put('w', 'b')]));
    await setImmediate();
    await answers[2]!.ok();
    expect(next.value).toBe('stored');
    expect(sizes(cache)).toEqual({ 'a@w': '1', 'b@w': '1' });
  });

  test('that put a worker does not take older statuses of that worker along', async () => {
    const { store, answers, disk } = slowStore();
    await disk.write([put('w', 'left-behind')]);
    const cache = await CachedStore.open(store);
    const failing = outcome(cache.write([{ type: 'put-worker', worker: worker('w') }]));
    await answers[0]!.fail();
    expect(failing.value).toBe('STORE_WRITE_FAILED');
    expect(cache.workers()).toEqual([]);
    expect(sizes(cache)).toEqual({ 'left-behind@w': '1' });
  });
});

describe('listeners', () => {
  test('are called for every change when it becomes visible, for undone ones, and for the result of a reload', async () => {
    const { store, answers, disk } = slowStore();
    await disk.write([put('w', 'a'), put('w', 'b')]);
    const cache = await CachedStore.open(store);
    const heard: { keys: ChangedKey[]; shown: Record<string, string> }[] = [];
    const off = cache.onChange((keys) => heard.push({ keys: [...keys], shown: sizes(cache) }));
    const writes = [
      cache.write([{ type: 'put-worker', worker: worker('w') }, put('w', 'a', '2')]),
      cache.write([{ type: 'delete-worker', id: 'w' }]),
      cache.write([{ type: 'delete-status', worker: 'v', name: 'x' }]),
    ].map(outcome);
    const workerKey: ChangedKey = { type: 'worker', id: 'w' };
    const key = (name: string, id = 'w'): ChangedKey => ({ type: 'status', worker: id, name });
    expect(heard.splice(0)).toEqual([
      { keys: [workerKey, key('a')], shown: { 'a@w': '2', 'b@w': '1' } },
      { keys: [workerKey, key('a'), key('b')], shown: {} },
      { keys: [key('x', 'v')], shown: {} },
    ]);
    await answers[0]!.ok();
    await answers[1]!.fail();
    expect(heard.splice(0)).toEqual([
      { keys: [key('x', 'v'), workerKey, key('a'), key('b')], shown: { 'a@w': '2', 'b@w': '1' } },
    ]);
    await disk.write([put('w', 'b', 'by somebody else'), put('v', 'new')]);
    await answers[2]!.ok();
    await setImmediate();
    expect(writes.map(({ value }) => value)).toEqual(['stored', 'STORE_WRITE_FAILED', 'STORE_WRITE_FAILED']);
    expect(heard.splice(0)).toEqual([
      { keys: [key('b'), key('new', 'v')], shown: { 'a@w': '2', 'b@w': 'by somebody else', 'new@v': '1' } },
    ]);
    off();
    const unheard = outcome(cache.write([put('w', 'c')]));
    await answers[3]!.ok();
    expect(unheard.value).toBe('stored');
    expect(heard).toEqual([]);
  });

  test('that throw are logged and stop neither the write nor the others', async () => {
    const logger = memoryLogger();
    const cache = await CachedStore.open(memoryStore(), { logger });
    const heard: ChangedKey[] = [];
    cache.onChange(() => {
      throw new TypeError('boom');
    });
    cache.onChange((keys) => heard.push(...keys));
    await cache.write([put('w', 'a')]);
    expect(heard).toEqual([{ type: 'status', worker: 'w', name: 'a' }]);
    expect(sizes(cache)).toEqual({ 'a@w': '1' });
    expect(logger.messages('error')).toEqual(['A listener for changes of the store failed: boom']);
  });
});

test('`await using` closes the store underneath', async () => {
  const store = memoryStore();
  {
    await using cache = await CachedStore.open(store);
    await cache.write([put('w', 'a')]);
  }
  await expect(store.listStatuses()).rejects.toMatchObject({ code: 'STORE_CLOSED' });
});

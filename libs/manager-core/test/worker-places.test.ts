import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { expect, test } from '@jest/globals';
import { zeroTime, type WorkerStatus } from '@tunasync/protocol';
import { CachedStore, memoryStore } from '@tunasync/store';
import { FakeClock } from '@tunasync/test-utils';
import { ManagerError } from '../src/index.js';
import { WorkerPlans } from '../src/workers/worker-plans.js';
import { WorkerProxy } from '../src/workers/worker-proxy.js';
import { reportOf } from './api.js';

const worker: WorkerStatus = {
  id: 'w1',
  url: 'http://w1.example/',
  token: '',
  last_online: zeroTime,
  last_register: zeroTime,
};

test('a request that fails at the worker gives back its place among the answers', async () => {
  await using store = await CachedStore.open(memoryStore());
  await store.write([
    { type: 'put-worker', worker },
    { type: 'put-status', status: reportOf('a') },
  ]);
  const read = (): Promise<never> => Promise.reject(new ManagerError('WORKER_SILENT', 'no answer'));
  const proxy = new WorkerProxy({ store, read });
  const reply = proxy.reply('listLogs', { params: { name: 'a' }, query: {} });
  if (!('respond' in reply)) throw new TypeError('expected a reply that answers the request itself');
  // more than may run at a time
  for (let n = 0; n < 1501; n++) {
    const request = new IncomingMessage(new Socket());
    const response = new ServerResponse(request);
    const answered = reply.respond(request, response);
    await expect(answered).rejects.toMatchObject({ code: 'WORKER_SILENT' });
    response.emit('close');
  }
});

test.each([
  ['an answer', () => Promise.resolve({ status: 404, headers: {}, body: noBody(), close: () => undefined })],
  ['a failure', () => Promise.reject(new ManagerError('WORKER_SILENT', 'no answer'))],
] as const)('a plan leaves no timer after %s', async (_, read) => {
  const clock = new FakeClock();
  const plans = new WorkerPlans({ read, clock });
  expect(await plans.of(worker, 12)).toBeUndefined();
  expect(clock.pending).toBe(0);
});

async function* noBody(): AsyncGenerator<Uint8Array> {
  // nothing comes
}

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll } from '@jest/globals';
import { memoryLogger, type MemoryLogger } from '@tunasync/logger';
import { zeroTime, type MirrorStatus, type WorkerCmd, type WorkerStatus } from '@tunasync/protocol';
import { CachedStore, memoryStore, type StatusStore } from '@tunasync/store';
import { FakeClock } from '@tunasync/test-utils';
import { createApp, type AppOptions, type CommandSender, type ManagerApp } from '../src/index.js';
import { call, type Answer } from './http-call.js';

/** The two ways in which the routes are served. */
export const ways = ['front', 'express'] as const;
export type Way = (typeof ways)[number];

/** A manager's API on a port of loopback, over a store in memory. */
export interface Api extends AsyncDisposable {
  readonly url: string;
  readonly app: ManagerApp;
  readonly store: CachedStore;
  readonly clock: FakeClock;
  readonly logger: MemoryLogger;
  /** Commands that workers were sent, oldest first. */
  readonly sent: { worker: WorkerStatus; command: WorkerCmd }[];
  /** What workers answer; by default that all is well. */
  answer: CommandSender;
  get(path: string, headers?: Record<string, string>): Promise<Answer>;
  post(path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  delete(path: string): Promise<Answer>;
  call(
    method: string,
    path: string,
    body?: string | Buffer,
    headers?: Record<string, string>,
  ): Promise<Answer>;
}

/** Those that are not closed: a test that runs out of time does not come to it, and the process would never end. */
const open = new Set<Api>();
afterAll(async () => {
  for (const api of open) await api[Symbol.asyncDispose]();
});

export async function startApi(
  way: Way = 'front',
  options: Partial<AppOptions> & { backEnd?: StatusStore } = {},
): Promise<Api> {
  const { backEnd = memoryStore(), ...appOptions } = options;
  const store = await CachedStore.open(backEnd);
  const clock = new FakeClock();
  const logger = memoryLogger();
  const sent: Api['sent'] = [];
  const app = createApp({
    store,
    clock,
    logger,
    sendCommand: (worker, command) => {
      sent.push({ worker, command });
      return api.answer(worker, command);
    },
    ...appOptions,
  });
  const server = createServer(way === 'front' ? app.handler : app.express);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const text = (body: unknown): string | undefined =>
    body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
  const api: Api = {
    url,
    app,
    store,
    clock,
    logger,
    sent,
    answer: () => Promise.resolve({ status: 200, message: 'OK' }),
    get: (path, headers) => call(url, 'GET', path, undefined, headers),
    post: (path, body, headers) => call(url, 'POST', path, text(body), headers),
    delete: (path) => call(url, 'DELETE', path),
    call: (method, path, body, headers) => call(url, method, path, body, headers),
    async [Symbol.asyncDispose]() {
      open.delete(api);
      app[Symbol.dispose]();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await store.close();
    },
  };
  open.add(api);
  return api;
}

/** A status as a worker reports it. */
export function reportOf(name: string, fields: Partial<MirrorStatus> = {}): MirrorStatus {
  return {
    name,
    worker: 'w1',
    is_master: true,
    status: 'success',
    last_update: zeroTime,
    last_started: zeroTime,
    last_ended: zeroTime,
    next_schedule: zeroTime,
    upstream: `rsync://upstream.example/${name}/`,
    size: 'unknown',
    error_msg: '',
    ...fields,
  };
}

/** Registers a worker and has it report mirrors. */
export async function register(api: Api, id: string, ...mirrors: string[]): Promise<void> {
  await api.post('/workers', { id, url: `http://${id}.example:6000/`, token: `secret of ${id}` });
  for (const name of mirrors) await api.post(`/workers/${id}/jobs/${name}`, reportOf(name));
}

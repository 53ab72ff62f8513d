import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { memoryLogger, nullLogger } from '@tunasync/logger';
import { zeroTime } from '@tunasync/protocol';
import { DurableKv } from '@tunasync/store';
import { tempDir, waitFor } from '@tunasync/test-utils';
import { createManagerLink, openWorkerState } from '../src/index.js';
import { statusReport } from '../src/interfaces/report.js';
import { Outbox } from '../src/state/outbox.js';
import { report } from './support/fake-manager.js';

interface Seen {
  line: string;
  body: unknown;
}

/** A manager that takes everything and echoes it. */
async function listeningManager(port = 0): Promise<{ server: Server; port: number; seen: Seen[] }> {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    let text = '';
    request.setEncoding('utf8');
    request.on('data', (chunk: string) => (text += chunk));
    request.on('end', () => {
      seen.push({
        line: `${request.method} ${request.url}`,
        body: text === '' ? undefined : JSON.parse(text),
      });
      response.setHeader('content-type', 'application/json');
      response.end(request.method === 'GET' ? 'null' : text);
    });
  });
  await new Promise<void>((resolve) => void server.listen(port, '127.0.0.1', resolve));
  return { server, port: (server.address() as AddressInfo).port, seen };
}

async function close(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => void server.close(resolve));
}

test('defect 9: a real manager that was away gets what a worker that is gone had to tell', async () => {
  await using folder = await tempDir();
  const path = join(folder.path, 'records');
  const first = await listeningManager();
  const base = `http://127.0.0.1:${first.port}/prefix/`;
  const worker = { id: 'w 1', url: 'http://w1:6000/' };
  await close(first.server);
  {
    await using kv = await DurableKv.open(path, { logger: nullLogger });
    const state = await openWorkerState(kv, { logger: nullLogger });
    const link = createManagerLink({ worker, managers: [base], state, logger: nullLogger });
    link.start();
    const outbox = new Outbox(state, link, nullLogger);
    void outbox.commit({ reports: [statusReport(report('debian', 'pre-syncing'))] });
    const failed = report('debian', 'failed', {
      last_ended: '2026-11-23T12:00:00Z',
      error_msg: 'exit status 23',
    });
    await outbox.commit({ reports: [statusReport(failed)] });
    await link.close();
  }
  const manager = await listeningManager(first.port);
  await using kv = await DurableKv.open(path, { logger: nullLogger });
  const logger = memoryLogger();
  const state = await openWorkerState(kv, { logger });
  const link = createManagerLink({ worker, managers: [base], state, logger });
  link.start();
  expect(await link.restore()).toMatchObject({ statuses: [] });
  link.scheduleChanged(() => [{ name: 'debian', next_schedule: zeroTime }]);
  await waitFor('the schedule', () => manager.seen.some(({ line }) => line.endsWith('/schedules')));
  await link.close();
  expect(manager.seen.filter(({ line }) => line.startsWith('POST'))).toEqual([
    {
      line: 'POST /prefix/workers',
      body: { ...worker, token: '', last_online: zeroTime, last_register: zeroTime },
    },
    { line: 'POST /prefix/workers/w%201/jobs/debian', body: report('debian', 'pre-syncing') },
    {
      line: 'POST /prefix/workers/w%201/jobs/debian',
      body: report('debian', 'failed', { last_ended: '2026-11-23T12:00:00Z', error_msg: 'exit status 23' }),
    },
    {
      line: 'POST /prefix/workers/w%201/schedules',
      body: { schedules: [{ name: 'debian', next_schedule: zeroTime }] },
    },
  ]);
  expect(await kv.entries('outbox/')).toEqual([]);
  await close(manager.server);
});

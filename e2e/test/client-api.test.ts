import { describe, expect, test } from '@jest/globals';
import { ManagerClient, nodeTransport, type ManagerEvent } from '@tunasync/client';
import { waitFor } from '@tunasync/test-utils';
import { makeSite, workerId } from '../src/site.js';

describe('the client and the daemons', () => {
  test('agree on jobs, workers, commands, events and logs', async () => {
    await using site = await makeSite({
      mirrors:
        '[[mirrors]]\nname = "c++ 1"\nprovider = "command"\ncommand = "seq 3"\ninterval = 600\n[[mirrors]]\nname = "broken"\nprovider = "command"\ncommand = "false"\nretry = 1\ninterval = 600\n',
    });
    await site.startManager();
    using client = new ManagerClient({ baseUrl: site.managers[0].url, transport: nodeTransport });
    const seen: ManagerEvent[] = [];
    const stop = new AbortController();
    const following = (async () => {
      for await (const event of client.events({ signal: stop.signal })) seen.push(event);
    })();
    await waitFor('the first event', () => seen.length > 0);
    expect(seen[0]).toMatchObject({ type: 'hello', data: { resumed: false, workers: [] } });
    await site.startWorker();
    await site.waitForStatus('c++ 1', ({ status }) => status === 'success');
    await site.waitForStatus('broken', ({ status }) => status === 'failed');

    expect(await client.findJobs({ status: ['failed'], sort: 'name' })).toMatchObject({
      total: 1,
      counts: { failed: 1, success: 1 },
      jobs: [{ name: 'broken', state: 'failed', worker_state: 'online' }],
    });
    expect(await client.getJob(workerId, 'c++ 1')).toMatchObject({ name: 'c++ 1', status: 'success' });
    expect(await client.findWorkers()).toMatchObject([{ id: workerId, state: 'online', slots: 4 }]);
    const [log] = await client.listLogs('c++ 1', { worker: workerId });
    const part = await client.readLog('c++ 1', log?.name ?? '', { from: 2 });
    expect([part.start, part.end, part.size]).toEqual([2, 6, 6]);
    expect(Buffer.from(await part.bytes()).toString()).toBe('2\n3\n');
    const found = await client.searchLog('c++ 1', log?.name ?? '', { q: '^[23]$', regex: true, limit: 1 });
    expect(found).toMatchObject({ hits: [{ offset: 2, text: '2' }], complete: false });
    expect(await client.sendCommands({ cmd: 'disable', glob: 'c*' })).toMatchObject([
      { worker: workerId, name: 'c++ 1', ok: true },
    ]);
    await waitFor('the event', () =>
      seen.some(
        ({ type, data }) =>
          type === 'changes' &&
          data.jobs.some(({ name, status }) => name === 'c++ 1' && status === 'disabled'),
      ),
    );
    await expect(client.getJob(workerId, 'nope')).rejects.toMatchObject({
      code: 'CLIENT_REFUSED',
      httpStatus: 404,
    });
    stop.abort();
    await following;
  });
});

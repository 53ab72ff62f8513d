import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { ApiJobs, LogFile, LogSearchReply, WorkerJob } from '@tunasync/protocol';
import { waitFor } from '@tunasync/test-utils';
import { makeSite, workerId, type Site } from '../src/site.js';

const isOver = ({ status }: { status: string }): boolean => status === 'success' || status === 'failed';

/** Follows server-sent events of the manager. */
async function follow(site: Site, path: string) {
  const ending = new AbortController();
  const { body } = await fetch(`${site.managers[0].url}${path}`, { signal: ending.signal });
  if (body === null) throw new TypeError('there is no stream');
  let text = '';
  const read = (async () => {
    for await (const chunk of body.pipeThrough(new TextDecoderStream())) text += chunk;
  })().catch(() => undefined);
  return {
    text: () => text,
    async [Symbol.asyncDispose]() {
      ending.abort();
      await read;
    },
  };
}

describe('with the daemons', () => {
  test('a browser needs the manager only: it sees a run, its log as it is written, and why it failed', async () => {
    await using site = await makeSite({ mirrors: '' });
    const go = join(site.folder, 'go');
    const script = `echo first line; while ! [ -e ${go} ]; do sleep 0.05; done; echo '<b>error</b>: broken'; exit 3`;
    await site.setMirrors(
      `[[mirrors]]\nname = "slow"\nprovider = "command"\ncommand = ${JSON.stringify(`sh -c ${JSON.stringify(script)}`)}\nretry = 1\ninterval = 600\n`,
    );
    await site.startManager();
    const get = async (path: string): Promise<unknown> =>
      (await fetch(`${site.managers[0].url}${path}`)).json();
    await using events = await follow(site, '/api/events');
    await site.startWorker();
    await site.waitForStatus('slow', ({ status }) => status === 'syncing');
    await using log = await follow(site, '/jobs/slow/log/stream');
    await waitFor('the first line', () => log.text().includes('data: first line\n'));
    const jobs = (await (await fetch(`http://127.0.0.1:${site.workerPort}/jobs`)).json()) as WorkerJob[];
    expect(jobs).toMatchObject([
      { name: 'slow', worker: workerId, state: 'running', attempt: 1, schedule: { minutes: 600 } },
    ]);
    const running = (await get('/jobs/slow/logs')) as { logs: LogFile[] };
    expect(running.logs).toMatchObject([{ live: true, attempt: 1, failed: false, run: expect.any(String) }]);
    await writeFile(go, '');
    await waitFor('the last line', () => log.text().includes('data: <b>error</b>: broken\n'));
    await site.waitForStatus('slow', isOver);
    const { jobs: failed } = (await get('/api/jobs?status=failed')) as ApiJobs;
    expect(failed).toMatchObject([{ name: 'slow', worker: workerId, worker_state: 'online' }]);
    expect(failed[0]?.error_msg).toMatch(/^exit status 3/);
    const { logs } = (await get('/jobs/slow/logs')) as { logs: LogFile[] };
    expect(logs).toMatchObject([{ failed: true, name: `${running.logs[0]?.name ?? ''}.fail` }]);
    expect(logs[0]).not.toHaveProperty('live');
    // by the name that a reader knows from before the run failed
    await using rest = await follow(site, `/jobs/slow/log/stream?from=${running.logs[0]?.name ?? ''}:11`);
    await waitFor('the rest', () => rest.text().includes('data: <b>error</b>: broken\n'));
    expect(rest.text()).not.toContain('first line');
    const name = logs[0]?.name ?? '';
    expect(await (await fetch(`${site.managers[0].url}/jobs/slow/logs/${name}`)).text()).toBe(
      'first line\n<b>error</b>: broken\n',
    );
    const found = (await get(`/jobs/slow/logs/${name}/search?q=ERROR`)) as LogSearchReply;
    expect(found).toMatchObject({ hits: [{ offset: 11, text: '<b>error</b>: broken' }], complete: true });
    await waitFor('the event', () => events.text().includes('"status":"failed"'));
    expect(events.text()).toMatch(/^event: hello\n/);
  });
});

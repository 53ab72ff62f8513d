import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { isZeroTime } from '@tunasync/protocol';
import { waitFor } from '@tunasync/test-utils';
import { makeSite, workerId } from '../src/site.js';

/** A mirror that runs until it is ended, with a child of its own; its pids are in its folder. */
const slow = (name: string): string => `
[[mirrors]]
name = "${name}"
provider = "command"
command = "sh -c 'sleep 600 & echo $$ $! > pids; wait'"
`;

const quick = (name: string, more = ''): string => `
[[mirrors]]
name = "${name}"
provider = "command"
command = "true"
${more}
`;

const alive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

/** Pids of a {@link slow} mirror's processes, once they run. */
const pidsOf = (folder: string, mirror: string): Promise<number[]> =>
  waitFor(`processes of ${mirror}`, async () => {
    const pids = (await readFile(join(folder, 'data', mirror, 'pids'), 'utf8')).trim().split(' ').map(Number);
    return pids.length === 2 && pids;
  });

describe('stop, start, disable, restart of a running sync', () => {
  test('defect 12: a stop ends the whole process group and leaves the mirror paused', async () => {
    await using site = await makeSite({ mirrors: slow('slow') });
    await site.startManager();
    await site.startWorker();
    const pids = await pidsOf(site.folder, 'slow');
    await site.waitForStatus('slow', ({ status }) => status === 'syncing');
    expect(await site.ctl('stop', '-w', workerId, 'slow')).toMatchObject({ code: 0 });
    await waitFor('all processes to be gone', () => !pids.some(alive));
    expect((await site.statuses()).get('slow')).toMatchObject({ status: 'paused', error_msg: '' });
  });

  test('a restart reports the killed run and runs again once it is gone', async () => {
    await using site = await makeSite({ mirrors: slow('slow') });
    await site.startManager();
    await site.startWorker();
    const [first = 0] = await pidsOf(site.folder, 'slow');
    await writeFile(join(site.folder, 'data/slow/pids'), '');
    expect(await site.ctl('restart', '-w', workerId, 'slow')).toMatchObject({ code: 0 });
    const [second = 0] = await pidsOf(site.folder, 'slow');
    expect(second).not.toBe(first);
    expect(alive(first)).toBe(false);
    expect(alive(second)).toBe(true);
    const status = await site.waitForStatus('slow', (current) => current.status === 'syncing');
    expect(isZeroTime(status.last_ended)).toBe(false);
  });

  test('the slots are kept to, in order, and a forced start goes round them', async () => {
    await using site = await makeSite({
      mirrors: slow('a') + slow('b') + slow('c'),
      global: 'concurrent = 1',
    });
    await site.startManager();
    await site.startWorker();
    await pidsOf(site.folder, 'a');
    expect(await site.ctl('start', '-f', '-w', workerId, 'c')).toMatchObject({ code: 0 });
    await pidsOf(site.folder, 'c');
    expect((await site.statuses()).get('b')?.status ?? 'none').toBe('none');
    expect(await site.ctl('stop', '-w', workerId, 'a')).toMatchObject({ code: 0 });
    await pidsOf(site.folder, 'b');
  });

  test('paused and disabled survive a restart of the worker', async () => {
    await using site = await makeSite({ mirrors: quick('a') + quick('b') + quick('c') });
    await site.startManager();
    const worker = await site.startWorker();
    for (const mirror of ['a', 'b', 'c'])
      await site.waitForStatus(mirror, ({ status }) => status === 'success');
    await site.ctl('stop', '-w', workerId, 'a');
    await site.ctl('disable', '-w', workerId, 'b');
    const before = await site.waitForStatus('c', ({ next_schedule }) => !isZeroTime(next_schedule));
    await worker.stop();
    await site.startWorker();
    const after = await site.waitForStatus('c', ({ next_schedule }) => !isZeroTime(next_schedule));
    const statuses = await site.statuses();
    expect([statuses.get('a')?.status, statuses.get('b')?.status]).toEqual(['paused', 'disabled']);
    expect(after.last_update).toBe(before.last_update);
    expect(Math.abs(Date.parse(after.next_schedule) - Date.parse(before.next_schedule))).toBeLessThan(1000);
  });

  test('defect 25: a ping leaves the schedule as it is', async () => {
    await using site = await makeSite({ mirrors: quick('a') });
    await site.startManager();
    await site.startWorker();
    const before = await site.waitForStatus('a', ({ next_schedule }) => !isZeroTime(next_schedule));
    expect(await site.ctl('ping', '-w', workerId, 'a')).toMatchObject({ code: 0 });
    await site.ctl('start', '-w', workerId, 'a');
    const after = await site.waitForStatus(
      'a',
      (status) => status.last_update !== before.last_update && status.next_schedule !== before.next_schedule,
    );
    expect(isZeroTime(after.next_schedule)).toBe(false);
  });
});

describe('reload', () => {
  test.each(['SIGHUP', 'the reload command'])(
    '%s takes new, changed and removed mirrors, and nothing else',
    async (how) => {
      await using site = await makeSite({ mirrors: slow('runs') + quick('changes') + quick('goes') });
      await site.startManager();
      const worker = await site.startWorker();
      const pids = await pidsOf(site.folder, 'runs');
      const first = await site.waitForStatus('changes', ({ status }) => status === 'success');
      await site.waitForStatus('goes', ({ status }) => status === 'success');
      await site.setMirrors(
        slow('runs') + quick('changes', 'upstream = "https://example.org/new/"') + quick('comes'),
      );
      if (how === 'SIGHUP') worker.kill('SIGHUP');
      else expect(await site.ctl('reload', '-w', workerId)).toMatchObject({ code: 0 });
      await site.waitForStatus('comes', ({ status }) => status === 'success');
      const changed = await site.waitForStatus(
        'changes',
        (status) => status.status === 'success' && status.last_update !== first.last_update,
      );
      expect(changed.upstream).toBe('https://example.org/new/');
      expect(pids.every(alive)).toBe(true);
      const gone = await site.ctl('start', '-w', workerId, 'goes');
      expect(gone.stderr).toContain("Mirror ``goes'' not found");
    },
  );

  test('defect 22: a broken file changes nothing and the client is told file and line', async () => {
    await using site = await makeSite({ mirrors: quick('a') });
    await site.startManager();
    const worker = await site.startWorker();
    await site.waitForStatus('a', ({ status }) => status === 'success');
    await site.setMirrors(`${quick('b')}\n[[mirrors]\n`);
    const answer = await site.ctl('reload', '-w', workerId);
    expect(answer.code).toBe(1);
    expect(answer.stderr).toMatch(/worker\.conf:\d+: /);
    worker.kill('SIGHUP');
    await waitFor('the failure to be logged', () => /\[ERROR\].*worker\.conf:\d+/.test(worker.stdout()));
    expect(await site.ctl('start', '-w', workerId, 'a')).toMatchObject({ code: 0 });
  });
});

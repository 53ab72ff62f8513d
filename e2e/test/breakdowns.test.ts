import { readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { isZeroTime } from '@tunasync/protocol';
import { waitFor, waitForPid } from '@tunasync/test-utils';
import { runCommand, startCommand } from '../src/run-process.js';
import { makeSite, workerId } from '../src/site.js';

/** Writes a line to `ends` in its folder at each run. */
const quick = `[[mirrors]]
name = "a"
provider = "command"
command = "sh -c 'echo end >> ends'"
`;
const slow = `[[mirrors]]
name = "slow"
provider = "command"
command = "sh -c 'echo $$ > pid; exec sleep 600'"
`;

describe('halt', () => {
  test.each(['SIGTERM', 'SIGINT'] as const)(
    '%s ends running syncs, delivers their last status and exits with 0',
    async (signal) => {
      await using site = await makeSite({ mirrors: slow });
      await site.startManager();
      const worker = await site.startWorker();
      await site.waitForStatus('slow', ({ status }) => status === 'syncing');
      const pid = await waitForPid(join(site.folder, 'data/slow/pid'));
      worker.kill(signal);
      expect(await worker.ended).toMatchObject({ code: 0, stderr: '' });
      expect(() => process.kill(pid, 0)).toThrow('ESRCH');
      expect((await site.statuses()).get('slow')).toMatchObject({
        status: 'failed',
        error_msg: 'killed by manager',
      });
    },
  );

  test('an absent manager does not keep a worker from halting', async () => {
    await using site = await makeSite({ mirrors: slow });
    const manager = await site.startManager();
    const worker = await site.startWorker();
    await waitForPid(join(site.folder, 'data/slow/pid'));
    manager.kill('SIGKILL');
    await manager.ended;
    worker.kill('SIGTERM');
    expect(await worker.ended).toMatchObject({ code: 0 });
  });

  test('a manager exits with 0 and its statuses are there at the next start', async () => {
    await using site = await makeSite({ mirrors: quick });
    const manager = await site.startManager();
    const worker = await site.startWorker();
    const before = await site.waitForStatus('a', ({ next_schedule }) => !isZeroTime(next_schedule));
    await worker.stop();
    manager.kill('SIGTERM');
    expect(await manager.ended).toMatchObject({ code: 0, stderr: '' });
    await site.startManager();
    expect((await site.statuses()).get('a')).toEqual(before);
  });
});

describe('a manager that goes away', () => {
  test('defect 9: a result that could not be delivered arrives when the manager is back, with its true time', async () => {
    await using site = await makeSite({ mirrors: quick });
    const manager = await site.startManager();
    await site.startWorker();
    const first = await site.waitForStatus('a', ({ status }) => status === 'success');
    manager.kill('SIGKILL');
    await manager.ended;
    const answer = await fetch(`http://127.0.0.1:${site.workerPort}/`, {
      method: 'POST',
      body: '{"cmd":"start","mirror_id":"a"}',
    });
    expect(await answer.json()).toEqual({ msg: 'OK' });
    await waitFor(
      'the second run',
      async () => (await readFile(join(site.folder, 'data/a/ends'), 'utf8')) === 'end\nend\n',
    );
    await site.startManager();
    const back = Date.now();
    const late = await site.waitForStatus(
      'a',
      (status) => status.status === 'success' && status.last_update !== first.last_update,
    );
    expect(Date.parse(late.last_update)).toBeLessThan(back);
  });

  test('defect 8: a worker that its manager forgot registers again by itself', async () => {
    await using site = await makeSite({ mirrors: quick });
    const manager = await site.startManager();
    await site.startWorker();
    await site.waitForStatus('a', ({ status }) => status === 'success');
    await manager.stop();
    await rm(site.managers[0].dbFile, { recursive: true });
    await site.startManager();
    await fetch(`http://127.0.0.1:${site.workerPort}/`, {
      method: 'POST',
      body: '{"cmd":"start","mirror_id":"a"}',
    });
    await site.waitForStatus('a', ({ status }) => status === 'success');
    const workers = (await (await fetch(`${site.managers[0].url}/workers`)).json()) as { id: string }[];
    expect(workers.map(({ id }) => id)).toEqual([workerId]);
  });

  test('a manager that lost its database while the worker was down shows its mirrors at once', async () => {
    await using site = await makeSite({ mirrors: quick });
    const manager = await site.startManager();
    const worker = await site.startWorker();
    const before = await site.waitForStatus('a', ({ next_schedule }) => !isZeroTime(next_schedule));
    await worker.stop();
    await manager.stop();
    await rm(site.managers[0].dbFile, { recursive: true });
    await site.startManager();
    await site.startWorker();
    const after = await site.waitForStatus('a', ({ status }) => status === 'success');
    expect([after.last_update, after.last_ended]).toEqual([before.last_update, before.last_ended]);
    expect(await readFile(join(site.folder, 'data/a/ends'), 'utf8')).toBe('end\n');
  });

  test('defect 26: every manager is told of a stop that came through another one', async () => {
    await using site = await makeSite({ mirrors: quick, managers: 2 });
    await site.startManager(0);
    await site.startManager(1);
    await site.startWorker();
    await site.waitForStatus('a', ({ status }) => status === 'success', 0);
    await site.waitForStatus('a', ({ status }) => status === 'success', 1);
    await fetch(`${site.managers[1]?.url ?? ''}/cmd`, {
      method: 'POST',
      body: JSON.stringify({ cmd: 'stop', mirror_id: 'a', worker_id: workerId }),
    });
    await site.waitForStatus('a', ({ status }) => status === 'paused', 1);
    await site.waitForStatus('a', ({ status }) => status === 'paused', 0);
  });
});

describe('a worker that crashes', () => {
  test('defect 13: a start of what it left running begins nothing beside it, a restart begins anew when it is gone', async () => {
    await using site = await makeSite({ mirrors: slow });
    await site.startManager();
    const worker = await site.startWorker();
    const pidFile = join(site.folder, 'data/slow/pid');
    const first = await waitForPid(pidFile);
    await site.waitForStatus('slow', ({ status }) => status === 'syncing');
    worker.kill('SIGKILL');
    await worker.ended;
    expect(process.kill(first, 0)).toBe(true);
    await site.startWorker();
    expect(await site.ctl('start', '-f', '-w', workerId, 'slow')).toMatchObject({ code: 0 });
    expect(process.kill(first, 0)).toBe(true);
    expect(Number(await readFile(pidFile, 'utf8'))).toBe(first);
    await site.ctl('restart', '-w', workerId, 'slow');
    await waitForPid(pidFile, first);
    expect(() => process.kill(first, 0)).toThrow('ESRCH');
  });
});

describe('what keeps a daemon from starting is one clear line, and exit code 1', () => {
  test('broken files, every problem at once', async () => {
    await using site = await makeSite({
      mirrors: '[[mirrors]]\nname = "x"\nupstream = "rsync://host/x"\ninterval = "no"\n',
    });
    const ended = await runCommand('tunasync-worker', ['-c', site.workerConf]);
    expect(ended.code).toBe(1);
    expect(ended.stderr).toContain('worker.conf:');
    expect(ended.stderr).toContain('upstream');
    expect(ended.stderr).toContain('interval');
    expect(ended.stderr).not.toContain('    at ');
    const checked = await runCommand('tunasync-worker', ['-c', site.workerConf, '--check']);
    expect(checked.code).toBe(1);
  });

  test('a file that is not there', async () => {
    for (const command of ['tunasync-worker', 'tunasync-manager']) {
      const ended = await runCommand(command, ['-c', '/no/such/file.conf']);
      expect(ended).toMatchObject({ code: 1 });
      expect(ended.stderr).toContain('/no/such/file.conf');
      expect(ended.stderr.trimEnd().split('\n')).toHaveLength(1);
    }
  });

  test('a port in use', async () => {
    await using site = await makeSite({ mirrors: quick });
    const blocker = createServer().listen(site.managers[0].port, '127.0.0.1');
    const blocker2 = createServer().listen(site.workerPort, '127.0.0.1');
    try {
      const manager = await runCommand('tunasync-manager', ['-c', site.managers[0].confFile]);
      expect(manager.code).toBe(1);
      expect(manager.stderr).toContain(String(site.managers[0].port));
      expect(manager.stderr.trimEnd().split('\n')).toHaveLength(1);
      const worker = await runCommand('tunasync-worker', ['-c', site.workerConf]);
      expect(worker.code).toBe(1);
      expect(worker.stderr).toContain(String(site.workerPort));
      expect(worker.stderr.trimEnd().split('\n')).toHaveLength(1);
    } finally {
      blocker.close();
      blocker2.close();
    }
  });

  test('a database or state folder that another process uses', async () => {
    await using site = await makeSite({ mirrors: quick });
    await site.startManager();
    await site.startWorker();
    const manager = await runCommand('tunasync-manager', ['-c', site.managers[0].confFile, '--port', '0']);
    expect(manager.code).toBe(1);
    expect(manager.stderr).toContain(site.managers[0].dbFile);
    expect(manager.stderr.trimEnd().split('\n')).toHaveLength(1);
    const worker = await runCommand('tunasync-worker', ['-c', site.workerConf]);
    expect(worker.code).toBe(1);
    expect(worker.stderr.trimEnd().split('\n')).toHaveLength(1);
  });

  test('one mirror that cannot run does not keep the others from it', async () => {
    await using site = await makeSite({
      mirrors: `${quick}[[mirrors]]\nname = "lost"\nprovider = "command"\ncommand = "/no/such/program"\nretry = 1\n`,
    });
    await site.startManager();
    await site.startWorker();
    await site.waitForStatus('a', ({ status }) => status === 'success');
    const lost = await site.waitForStatus('lost', ({ status }) => status === 'failed');
    expect(lost.error_msg).not.toBe('');
    expect(await site.latestLog('lost')).toContain('/no/such/program');
  });
});

describe('commands as existing units call them', () => {
  test.each([
    ['tunasync-manager', []],
    ['tunasync-worker', []],
    ['tunasynctl', []],
    ['tunasync', []],
    ['tunasync', ['manager']],
    ['tunasync', ['worker']],
  ] as const)('%s %j has --version and --help', async (command, before) => {
    const version = await runCommand(command, [...before, '--version']);
    expect(version).toMatchObject({ code: 0, stderr: '' });
    expect(version.stdout).toMatch(/\d+\.\d+\.\d+/);
    const help = await runCommand(command, [...before, '--help']);
    expect(help).toMatchObject({ code: 0, stderr: '' });
    expect(help.stdout).toContain('Usage: ');
  });

  test('`tunasync m -config FILE` runs a manager, with single-dash flags', async () => {
    await using site = await makeSite({ mirrors: quick });
    await using manager = startCommand('tunasync', ['m', '-config', site.managers[0].confFile]);
    await waitFor('the manager', async () => (await fetch(`${site.managers[0].url}/ping`)).ok);
    await manager.stop();
    expect(await manager.ended).toMatchObject({ code: 0 });
  });
});

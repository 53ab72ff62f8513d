import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { toUnixMillis } from '@tunasync/protocol';
import { canMount, startRsyncDaemon, tempDir, waitFor } from '@tunasync/test-utils';
import { makeGates } from '../src/gates.js';
import { isRunning } from '../src/processes.js';
import { commandPath, runCommand, type RunningProcess } from '../src/run-process.js';
import { makeSite, workerId, type Site, type SiteOptions } from '../src/site.js';

/** A site whose mirrors are made when its folder and its gates are there. */
async function siteWithGates(options: Omit<SiteOptions, 'mirrors'> = {}) {
  const site = await makeSite({ mirrors: '', ...options });
  const gates = await makeGates(join(site.folder, 'gates'));
  return Object.assign(site, { gates });
}

const commandMirror = (name: string, command: string, more = ''): string =>
  `[[mirrors]]\nname = "${name}"\nprovider = "command"\ncommand = "${command}"\n${more}\n`;

async function crash(worker: RunningProcess): Promise<void> {
  worker.kill('SIGKILL');
  await worker.ended;
}

const syncing = (site: Site, ...mirrors: string[]) =>
  Promise.all(mirrors.map((name) => site.waitForStatus(name, ({ status }) => status === 'syncing')));
const ended = (site: Site, ...mirrors: string[]) =>
  Promise.all(
    mirrors.map((name) =>
      site.waitForStatus(name, ({ status }) => status === 'success' || status === 'failed'),
    ),
  );
const lastRun = (site: Site, mirror: string) =>
  waitFor(`the record of ${mirror}`, async () => (await site.history(mirror))[0]);
const gone = (pid: number) => waitFor(`the end of ${pid}`, async () => !(await isRunning(pid)));

describe('defect 13: what a killed worker leaves running', () => {
  test('is waited for, whatever its kind, and its true result and times are recorded', async () => {
    await using tree = await tempDir();
    await writeFile(join(tree.path, 'file'), 'x'.repeat(1000));
    await using daemon = await startRsyncDaemon({ modules: { tree: { path: tree.path } } });
    await using site = await siteWithGates();
    const { gates } = site;
    const rsync = async (name: string, provider: string): Promise<string> =>
      `[[mirrors]]\nname = "${name}"\nprovider = "${provider}"\nupstream = "${daemon.url('tree')}"\n` +
      `command = "${await gates.rsync(name)}"\n${provider === 'rsync' ? '' : 'stage1_profile = "debian"\n'}`;
    await site.setMirrors(
      commandMirror('good', gates.gated('good')) +
        commandMirror('bad', gates.gated('bad'), 'retry = 1') +
        (await rsync('plain', 'rsync')) +
        (await rsync('staged', 'two-stage-rsync')),
    );
    const names = ['good', 'bad', 'plain', 'staged'];
    await site.startManager();
    const first = await site.startWorker();
    await Promise.all(names.map((name) => gates.begins(name)));
    const before = await syncing(site, ...names);
    await crash(first);

    const second = await site.startWorker();
    for (const name of names) {
      await waitFor(`${name} to be taken over`, () => second.stdout().includes(`${name}: taking over`));
    }
    expect(await syncing(site, ...names)).toMatchObject(
      before.map(({ last_started, last_update }) => ({ last_started, last_update })),
    );
    // the second stage is adopted as well
    await gates.open('staged');
    await gates.begins('staged', 2);
    await crash(second);
    await site.startWorker();
    const opened = Date.now();
    await Promise.all([
      gates.open('good'),
      gates.open('bad', 1, 3),
      gates.open('plain'),
      gates.open('staged', 2),
    ]);

    expect(await ended(site, ...names)).toMatchObject([
      { status: 'success', last_started: before[0]?.last_started },
      { status: 'failed', error_msg: 'exit status 3', last_started: before[1]?.last_started },
      { status: 'success', size: '1.00K', last_started: before[2]?.last_started },
      { status: 'success', size: '1.00K', last_started: before[3]?.last_started },
    ]);
    const runs = await Promise.all(names.map((name) => lastRun(site, name)));
    expect(runs).toMatchObject([
      { result: 'success', reason: 'ok', exit_code: 0, attempts: 1 },
      { result: 'failed', reason: 'exit-code', exit_code: 3, attempts: 1 },
      { result: 'success', reason: 'ok', exit_code: 0, attempts: 1, files: 1, total_bytes: 1000 },
      { result: 'success', reason: 'ok', exit_code: 0, attempts: 1, files: 1, total_bytes: 1000 },
    ]);
    for (const [index, run] of runs.entries()) {
      expect(run.started).toBe(before[index]?.last_started);
      expect(toUnixMillis(run.ended)).toBeGreaterThanOrEqual(opened);
    }
    for (const name of names) expect(await site.history(name)).toHaveLength(1);
    expect(await Promise.all(names.map(async (name) => (await gates.begun(name)).length))).toEqual([
      1, 1, 1, 2,
    ]);
    expect(await readFile(join(site.folder, 'data/staged/file'), 'utf8')).toHaveLength(1000);
  });

  test('and ends before the next worker is there gets the time of its own end; a second stage is made then', async () => {
    await using tree = await tempDir();
    await using daemon = await startRsyncDaemon({ modules: { tree: { path: tree.path } } });
    await using site = await siteWithGates();
    const { gates } = site;
    await site.setMirrors(
      commandMirror('good', gates.gated('good')) +
        commandMirror('bad', gates.gated('bad'), 'retry = 1') +
        `[[mirrors]]\nname = "staged"\nprovider = "two-stage-rsync"\nstage1_profile = "debian"\nupstream = "${daemon.url('tree')}"\ncommand = "${await gates.rsync('staged')}"\n`,
    );
    const names = ['good', 'bad', 'staged'];
    await site.startManager();
    const worker = await site.startWorker();
    const pids = await Promise.all(names.map((name) => gates.begins(name)));
    const before = await syncing(site, ...names);
    await crash(worker);
    await Promise.all([gates.open('good'), gates.open('bad', 1, 3), gates.open('staged')]);
    await Promise.all(pids.map(gone));
    // what the launcher writes comes after the command's own end
    await waitFor('the launchers', async () => (await site.processes()).length === 1);
    const allEnded = Date.now();

    await site.startWorker();
    await gates.begins('staged', 2);
    expect(Date.now() - allEnded).toBeGreaterThan(100);
    await gates.open('staged', 2);
    const [good, bad] = await ended(site, ...names);
    for (const [index, status] of [good, bad].entries()) {
      expect(toUnixMillis(status?.last_ended ?? '')).toBeLessThanOrEqual(allEnded);
      expect(toUnixMillis(status?.last_ended ?? '')).toBeGreaterThanOrEqual(
        toUnixMillis(before[index]?.last_started ?? ''),
      );
    }
    expect(good).toMatchObject({ status: 'success', last_update: good?.last_ended });
    expect(bad).toMatchObject({ status: 'failed', error_msg: 'exit status 3' });
    expect((await lastRun(site, 'good')).ended).toBe(good?.last_ended);
    const staged = await lastRun(site, 'staged');
    expect(staged).toMatchObject({ result: 'success', attempts: 1 });
    expect(toUnixMillis(staged.ended)).toBeGreaterThan(allEnded);
    expect(await gates.begun('staged')).toHaveLength(2);
  });

  test('is ended by stop, and by the halt of the worker that took it over; nobody else may use its state folder', async () => {
    await using site = await siteWithGates();
    const { gates } = site;
    await site.setMirrors(commandMirror('a', gates.gated('a')) + commandMirror('b', gates.gated('b')));
    await site.startManager();
    const first = await site.startWorker();
    const [a, b] = await Promise.all([gates.begins('a'), gates.begins('b')]);
    await syncing(site, 'a', 'b');
    await crash(first);
    const second = await site.startWorker();

    const other = join(site.folder, 'other.conf');
    await writeFile(
      other,
      (await readFile(site.workerConf, 'utf8')).replace(/listen_port = \d+/, 'listen_port = 0'),
    );
    const refused = await runCommand('tunasync-worker', ['-c', other]);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toBe(
      `tunasync-worker: the state folder ${site.folder}/state cannot be used: another worker is using it (global.state_dir names another one)\n`,
    );

    expect(await site.ctl('stop', '-w', workerId, 'a')).toMatchObject({ code: 0 });
    await gone(a);
    expect(await site.waitForStatus('a', ({ status }) => status === 'paused')).toMatchObject({
      status: 'paused',
    });
    expect(await lastRun(site, 'a')).toMatchObject({ result: 'killed', reason: 'killed' });
    expect(await isRunning(b)).toBe(true);

    expect(await second.stop()).toMatchObject({ code: 0, stderr: '' });
    expect(await isRunning(b)).toBe(false);
    expect((await site.statuses()).get('b')).toMatchObject({
      status: 'failed',
      error_msg: 'killed by manager',
    });
    expect(await gates.begun('a')).toEqual([a]);
    expect(await gates.begun('b')).toEqual([b]);
  });

  test('of a mirror that is not configured any more is ended; of one that has changed it goes on, and then the new way', async () => {
    await using site = await siteWithGates();
    const { gates } = site;
    await site.setMirrors(
      commandMirror('removed', gates.gated('removed')) + commandMirror('changed', gates.gated('old')),
    );
    await site.startManager();
    const first = await site.startWorker();
    const [removed, old] = await Promise.all([gates.begins('removed'), gates.begins('old')]);
    await syncing(site, 'removed', 'changed');
    await crash(first);
    await site.setMirrors(commandMirror('changed', gates.gated('new')));
    await site.startWorker();
    await gone(removed);
    expect(await site.waitForStatus('removed', ({ status }) => status !== 'syncing')).toMatchObject({
      status: 'failed',
      error_msg: 'killed by manager',
    });
    expect(await lastRun(site, 'removed')).toMatchObject({ result: 'killed' });
    expect(await isRunning(old)).toBe(true);
    await gates.open('old');
    await ended(site, 'changed');
    expect(await gates.begun('new')).toEqual([]);
    expect(await site.ctl('start', '-w', workerId, 'changed')).toMatchObject({ code: 0 });
    await gates.begins('new');
    await gates.open('new');
    await waitFor('both runs', async () => (await site.history('changed')).length === 2);
    expect(await gates.begun('old')).toEqual([old]);
  });
});

/** Starts the worker where the kernel names another boot. */
async function rebooted(folder: string): Promise<string> {
  const id = join(folder, 'boot_id');
  await writeFile(id, '11111111-2222-4333-8444-555555555555\n');
  const script = join(folder, 'rebooted');
  await writeFile(
    script,
    `#!/bin/sh\nexec unshare --mount sh -c 'mount --bind ${id} /proc/sys/kernel/random/boot_id && exec "$@"' sh ${commandPath('tunasync-worker')} "$@"\n`,
    { mode: 0o755 },
  );
  return script;
}

(canMount() ? test : test.skip)(
  'a machine that was started anew: the attempt has failed, another one is made, and who has its pid now is left alone',
  async () => {
    await using outside = await tempDir();
    await using site = await siteWithGates();
    const { gates } = site;
    const mirror = commandMirror('a', gates.gated('a'), 'retry = 2\nretry_delay = 1');
    await site.setMirrors(mirror);
    await site.startManager();
    const first = await site.startWorker();
    const stranger = await gates.begins('a');
    const [before] = await syncing(site, 'a');
    await crash(first);
    const after = await site.startWorker(await rebooted(outside.path));
    await gates.begins('a', 2);
    await waitFor('the failed attempt', () =>
      after
        .stdout()
        .includes('failed syncing a, attempt 1: signal: killed: the worker ended during the sync'),
    );
    expect(await isRunning(stranger)).toBe(true);
    await gates.open('a', 2);
    const [status] = await ended(site, 'a');
    expect(status).toMatchObject({ status: 'success', last_started: before?.last_started });
    expect(await lastRun(site, 'a')).toMatchObject({ result: 'success', attempts: 2 });
    expect(await isRunning(stranger)).toBe(true);
  },
);

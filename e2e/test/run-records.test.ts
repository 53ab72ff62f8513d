import { mkdir, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import {
  toUnixMillis,
  type Heartbeat,
  type MirrorStatus,
  type ProgressReport,
  type RunRecord,
} from '@tunasync/protocol';
import { canMount, startRsyncDaemon, tempDir, tmpfsMount, waitFor } from '@tunasync/test-utils';
import { makeGates } from '../src/gates.js';
import { allProcesses, isRunning } from '../src/processes.js';
import { startRecordingManager } from '../src/recording-manager.js';
import { runCommand, startCommand, type RunningProcess } from '../src/run-process.js';
import { makeSite, workerId, type Site } from '../src/site.js';

const command = (name: string, line: string, more = ''): string =>
  `[[mirrors]]\nname = "${name}"\nprovider = "command"\ncommand = ${JSON.stringify(line)}\nretry = 1\n${more}\n`;
const rsync = (name: string, upstream: string, more = ''): string =>
  `[[mirrors]]\nname = "${name}"\nprovider = "rsync"\nupstream = "${upstream}"\nretry = 1\n${more}\n`;

const isOver = ({ status }: MirrorStatus): boolean => status === 'success' || status === 'failed';
const runsOf = (site: Site, mirror: string, count: number): Promise<RunRecord[]> =>
  waitFor(`${count} runs of ${mirror}`, async () => {
    const runs = await site.history(mirror);
    return runs.length >= count && runs;
  });

/** Starts a run; one that is just being seen to its end is left as it is by `start`, so that it takes another one. */
async function startAgain(site: Site, worker: RunningProcess, mirror: string): Promise<void> {
  const begun = (): number => worker.stdout().split(`start syncing: ${mirror}\n`).length;
  const before = begun();
  await waitFor(`another run of ${mirror}`, async () => {
    await site.command('start', mirror);
    return waitFor('it to begin', () => begun() > before, 500);
  });
}

/** Waits until a worker has said so often that a run of a mirror is over. */
const saidOver = (worker: RunningProcess, mirror: string, count: number) =>
  waitFor(
    `${count} runs of ${mirror}`,
    () =>
      (worker.stdout().match(new RegExp(`(succeeded|failed) syncing ${mirror}\\b`, 'g')) ?? []).length ===
      count,
  );

/** A tree with three files of 1000, 2000 and 3000 bytes that nothing can make smaller. */
async function tree() {
  const folder = await tempDir();
  for (const size of [1000, 2000, 3000]) await writeFile(join(folder.path, `file-${size}`), 'x'.repeat(size));
  return folder;
}

describe('the record of a run', () => {
  test('tells what rsync did, why it failed, and where the log is; no password is anywhere', async () => {
    const password = 'pw-5ecret';
    await using files = await tree();
    await using daemon = await startRsyncDaemon({
      modules: { tree: { path: files.path, users: { mirror: password } } },
    });
    const login = (word: string): string => `username = "mirror"\npassword = "${word}"`;
    await using site = await makeSite({
      mirrors:
        rsync('good', daemon.url('tree'), login(password)) +
        rsync('refused', daemon.url('tree'), login('wrong-5ecret')) +
        command(
          'url',
          'false',
          `upstream = "https://somebody:url-5ecret@example.org/x"\n[mirrors.env]\nTOKEN = "tk-5ecret"`,
        ),
    });
    const at = (...parts: string[]): string => join(site.folder, ...parts);
    await mkdir(at('data/good/gone'), { recursive: true });
    await writeFile(at('data/good/gone/file'), 'old');
    const manager = await site.startManager();
    const worker = await site.startWorker();
    const [run] = await runsOf(site, 'good', 1);
    const status = (await site.statuses()).get('good');
    expect(run).toEqual({
      id: expect.stringMatching(/^[\w-]{10,}$/),
      name: 'good',
      worker: workerId,
      started: status?.last_started,
      ended: status?.last_ended,
      result: 'success',
      reason: 'ok',
      attempts: 1,
      exit_code: 0,
      error_msg: '',
      bytes_transferred: expect.any(Number),
      files: 3,
      deletions: 2,
      total_bytes: 6000,
      size: '6.00K',
      log_file: expect.stringMatching(/^.*\/log\/good\/good_[\d_-]+\.log$/),
    });
    const bytes = run?.bytes_transferred ?? 0;
    expect(bytes).toBeGreaterThan(0);
    expect(await readFile(run?.log_file ?? '', 'utf8')).toContain('Total file size: 6.00K bytes');
    expect(status).toMatchObject({
      status: 'success',
      size: '6.00K',
      last_update: status?.last_ended,
      last_transferred_bytes: bytes,
      total_transferred_bytes: bytes,
    });

    const [refused] = await runsOf(site, 'refused', 1);
    expect(refused).toMatchObject({ result: 'failed', reason: 'exit-code', exit_code: 5 });
    expect(refused?.error_msg).toMatch(/^exit status 5: /);
    expect((await stat(refused?.log_file ?? '')).isFile()).toBe(true);
    expect(refused?.log_file).toMatch(/\.log\.fail$/);
    const failing = (await site.statuses()).get('refused');
    expect(failing).toMatchObject({
      status: 'failed',
      error_msg: refused?.error_msg,
      consecutive_failures: 1,
    });

    await startAgain(site, worker, 'good');
    const [second, first] = await runsOf(site, 'good', 2);
    expect(first?.id).toBe(run?.id);
    expect(second).toMatchObject({ result: 'success', files: 0, deletions: 0, total_bytes: 6000 });
    expect((await site.statuses()).get('good')).toMatchObject({
      total_transferred_bytes: bytes + (second?.bytes_transferred ?? 0),
    });

    const { url } = site.managers[0];
    await runsOf(site, 'url', 1);
    const paths = [
      '/jobs',
      `/workers/${workerId}/jobs`,
      ...['good', 'refused', 'url'].flatMap((name) => [`/jobs/${name}`, `/jobs/${name}/history`]),
    ];
    const answers = await Promise.all(paths.map(async (path) => (await fetch(`${url}${path}`)).text()));
    expect((await site.statuses()).get('url')?.upstream).toBe('https://example.org/x');
    const listed = await site.ctl('list', '-a');
    const checked = await runCommand('tunasync-worker', ['--check', '-c', site.workerConf]);
    const logs = await Promise.all(['good', 'refused', 'url'].map((name) => site.latestLog(name)));
    const said = [
      ...answers,
      ...logs,
      worker.stdout(),
      worker.stderr(),
      manager.stdout(),
      listed.stdout,
      listed.stderr,
      checked.stdout,
      checked.stderr,
    ];
    expect(said.filter((text) => text.includes('5ecret'))).toEqual([]);
    // nor in what the worker keeps
    await worker.stop();
    const state = at('state/records');
    for (const name of await readdir(state)) {
      expect((await readFile(join(state, name), 'latin1')).includes('5ecret')).toBe(false);
    }
  });

  test.concurrent(
    'progress is told at most once a second while rsync runs, and the heartbeat has the facts',
    async () => {
      const password = 'pw-5ecret';
      await using files = await tempDir();
      for (let i = 0; i < 8; i++) {
        await writeFile(join(files.path, `file-${i}`), Buffer.alloc(200_000, i));
      }
      await using daemon = await startRsyncDaemon({
        modules: { tree: { path: files.path, users: { mirror: password } } },
      });
      await using recorder = await startRecordingManager();
      await using site = await makeSite({
        only: true,
        otherManagers: [recorder.url],
        global: 'concurrent = 3',
        mirrors:
          rsync(
            'slow',
            daemon.url('tree'),
            `username = "mirror"\npassword = "${password}"\nrsync_options = ["--bwlimit=200", "--whole-file"]`,
          ) + command('quick', 'true'),
      });
      const begun = Math.floor(Date.now() / 1000) * 1000;
      await site.startWorker();
      const progress = () => recorder.of(`/workers/${workerId}/progress`);
      await waitFor('two reports of progress', () => progress().length >= 2);
      const lines = (await allProcesses()).map(({ commandLine }) => commandLine);
      expect(lines.some((line) => line.includes('--bwlimit=200'))).toBe(true);
      expect(lines.filter((line) => line.includes('5ecret'))).toEqual([]);
      await waitFor('the record', () => recorder.of('/runs').length === 2);

      const posts = progress();
      // posts take different times on their way
      expect(posts.length).toBeLessThan(2.5 + ((posts.at(-1)?.at ?? 0) - (posts[0]?.at ?? 0)) / 1000);
      const entries = posts.flatMap(({ body }) => (body as ProgressReport).progress);
      expect(new Set(entries.map(({ name }) => name))).toEqual(new Set(['slow']));
      const bytes = entries.map((entry) => entry.bytes ?? 0);
      expect(bytes).toEqual(bytes.toSorted((a, b) => a - b));
      expect(bytes.at(-1)).toBeGreaterThan(0);
      expect(bytes.at(-1)).toBeLessThan(1_700_000);
      expect(entries.some(({ rate }) => rate !== undefined && rate > 0)).toBe(true);
      for (const { percent = 0 } of entries) expect(percent >= 0 && percent <= 100).toBe(true);

      const [beat] = recorder.of('/heartbeat');
      const facts = beat?.body as Heartbeat;
      expect(facts).toMatchObject({
        slots: 3,
        mirrors: 2,
        running: expect.any(Number),
        queued: expect.any(Number),
      });
      expect(facts.version).toMatch(/^\d+\.\d+\.\d+/);
      expect(toUnixMillis(facts.time)).toBeGreaterThanOrEqual(begun);
      expect(toUnixMillis(facts.time)).toBeLessThanOrEqual(beat?.at ?? 0);
      const [fileSystem] = facts.filesystems;
      expect(site.folder.startsWith(fileSystem?.path ?? 'nothing')).toBe(true);
      expect(fileSystem?.total).toBeGreaterThan(fileSystem?.free ?? Infinity);
    },
  );

  test.concurrent(
    'an upstream that has no connection free is waited for: no failure, one attempt',
    async () => {
      await using files = await tree();
      await writeFile(join(files.path, 'large'), '');
      await truncate(join(files.path, 'large'), 50_000_000);
      await using daemon = await startRsyncDaemon({
        modules: { tree: { path: files.path, parameters: { 'max connections': '1' } } },
      });
      await using recorder = await startRecordingManager();
      await using elsewhere = await tempDir();
      await using holder = startCommand('/usr/bin/rsync', [
        ...['-a', '--whole-file', '--bwlimit=10'],
        daemon.url('tree'),
        elsewhere.path,
      ]);
      await waitFor('the connection to be taken', async () => (await readdir(elsewhere.path)).length > 0);
      await using site = await makeSite({
        otherManagers: [recorder.url],
        mirrors: rsync(
          'patient',
          daemon.url('tree'),
          'retry_delay = 1\nretry_delay_max = 1\nrsync_options = ["--exclude=large"]',
        ),
      });
      await site.startManager();
      await site.startWorker();
      const waiting = await site.waitForStatus('patient', ({ error_msg }) => error_msg !== '');
      expect(waiting).toMatchObject({ status: 'pre-syncing' });
      expect(waiting.error_msg).toContain('max connections (1) reached -- try again later');
      await holder.stop();
      expect(await site.waitForStatus('patient', isOver)).toMatchObject({ status: 'success', error_msg: '' });
      expect(await runsOf(site, 'patient', 1)).toMatchObject([
        { result: 'success', attempts: 1, started: waiting.last_started },
      ]);
      await waitFor('the other manager', () => recorder.of('/runs').length === 1);
      const told = recorder.of('/jobs/patient').filter(({ what }) => what.startsWith('POST'));
      const statuses = told.map(({ body }) => (body as MirrorStatus).status);
      expect(statuses).not.toContain('failed');
      expect(statuses.at(-1)).toBe('success');
    },
  );
});

describe('what managers are told', () => {
  test('one of v0.10 gets statuses as ever, and is not asked again and again for what it does not have', async () => {
    await using old = await startRecordingManager({ old: true });
    await using site = await makeSite({
      only: true,
      otherManagers: [old.url],
      mirrors: command('a', 'true') + command('b', 'true'),
    });
    const worker = await site.startWorker();
    const results = (name: string): MirrorStatus[] =>
      old.of(`POST /workers/${workerId}/jobs/${name}`).map(({ body }) => body as MirrorStatus);
    for (let run = 1; run <= 3; run++) {
      await waitFor(`run ${run}`, () =>
        ['a', 'b'].every((name) => results(name).filter(isOver).length === run),
      );
      for (const name of ['a', 'b']) await startAgain(site, worker, name);
    }
    await waitFor('run 4', () => ['a', 'b'].every((name) => results(name).filter(isOver).length === 4));
    expect(results('a').map(({ status }) => status)).toEqual(
      Array.from({ length: 4 }, () => ['pre-syncing', 'syncing', 'success']).flat(),
    );
    expect(Object.keys(results('a').at(-1) ?? {}).sort()).toEqual(
      [
        ...['name', 'worker', 'is_master', 'status', 'last_update', 'last_started', 'last_ended'],
        ...['next_schedule', 'upstream', 'size', 'error_msg'],
        // a field more, which its reader skips
        'stale_after',
      ].sort(),
    );
    await worker.stop();
    expect(old.of('/heartbeat')).toHaveLength(1);
    // those that were under way at the same time
    expect(old.of('/runs').length).toBeLessThanOrEqual(2);
    expect(worker.stdout()).not.toMatch(/404|refuses/);
  });

  test.concurrent(
    'defect 9: what happened while it was away arrives in order with its true times, through a restart of the worker',
    async () => {
      const first = await startRecordingManager();
      const { port } = first;
      await using site = await makeSite({
        only: true,
        otherManagers: [first.url],
        mirrors: command('a', `sh -c 'echo x >> runs; ! [ -e broken ]'`),
      });
      const done = async (): Promise<number> =>
        (await readFile(join(site.folder, 'data/a/runs'), 'utf8').catch(() => '')).length / 2;
      const worker = await site.startWorker();
      await waitFor('the first record', () => first.of('/runs').length === 1);
      await first[Symbol.asyncDispose]();

      await startAgain(site, worker, 'a');
      await saidOver(worker, 'a', 2);
      await writeFile(join(site.folder, 'data/a/broken'), '');
      await startAgain(site, worker, 'a');
      await saidOver(worker, 'a', 3);
      expect(await worker.stop()).toMatchObject({ code: 0 });
      const second = await site.startWorker();
      await rm(join(site.folder, 'data/a/broken'));
      await startAgain(site, second, 'a');
      await saidOver(second, 'a', 1);
      expect(await done()).toBe(4);
      const back = Date.now();
      await using again = await startRecordingManager({ port });
      await waitFor('three records', () => again.of('/runs').length === 3);
      const runs = again.of('/runs').map(({ body }) => body as RunRecord);
      expect(runs.map(({ result }) => result)).toEqual(['success', 'failed', 'success']);
      const statuses = again.of(`POST /workers/${workerId}/jobs/a`).map(({ body }) => body as MirrorStatus);
      expect(statuses.map(({ status }) => status)).toEqual(
        ['success', 'failed', 'success'].flatMap((end) => ['pre-syncing', 'syncing', end]),
      );
      const ends = statuses.filter(isOver);
      expect(runs.map(({ started, ended }) => [started, ended])).toEqual(
        ends.map(({ last_started, last_ended }) => [last_started, last_ended]),
      );
      const times = runs.flatMap(({ started, ended }) => [toUnixMillis(started), toUnixMillis(ended)]);
      expect(times).toEqual(times.toSorted((a, b) => a - b));
      expect(times.at(-1)).toBeLessThan(back);
      // no two runs within one another, no record twice
      expect(new Set(runs.map(({ id }) => id)).size).toBe(3);
    },
  );
});

(canMount() ? describe : describe.skip)('full disks', () => {
  test('a full state folder stops nothing, is told once, and keeps what is true when there is room again', async () => {
    await using state = await tempDir();
    await using _ = await tmpfsMount(state.path, 'size=1m');
    await using site = await makeSite({
      stateDir: state.path,
      mirrors: command('a', `sh -c 'echo x >> runs'`),
    });
    await site.startManager();
    const worker = await site.startWorker();
    await runsOf(site, 'a', 1);
    await fill(join(state.path, 'filler'));
    for (let run = 2; run <= 6; run++) {
      await startAgain(site, worker, 'a');
      await runsOf(site, 'a', run);
    }
    expect((await site.statuses()).get('a')).toMatchObject({ status: 'success' });
    const complaints = worker
      .stdout()
      .split('\n')
      .filter((line) => line.includes('[ERROR]'));
    expect(complaints.filter((line) => line.includes("the worker's state"))).toHaveLength(1);
    expect(complaints.join('\n')).toContain(state.path);
    // of the database and the state, each once for all runs
    expect(complaints.length).toBeLessThanOrEqual(4);
    await rm(join(state.path, 'filler'));
    await waitFor('the state', () => worker.stdout().includes("the worker's state is written again"));
    worker.kill('SIGKILL');
    await worker.ended;
    const before = (await site.statuses()).get('a');
    const again = await site.startWorker();
    await waitFor('its registration', () => again.stdout().includes('registered with manager'));
    expect(await site.ctl('ping', '-w', workerId, 'a')).toMatchObject({ code: 0 });
    expect((await site.statuses()).get('a')).toEqual(before);
    expect(again.stdout()).not.toMatch(/is invalid|\[ERROR\]/);
    expect(await readFile(join(site.folder, 'data/a/runs'), 'utf8')).toBe('x\n'.repeat(6));
  });

  test('defect 13: a sync that began with a full state folder is not doubled after a crash', async () => {
    await using state = await tempDir();
    await using _ = await tmpfsMount(state.path, 'size=1m');
    await using site = await makeSite({ stateDir: state.path, mirrors: '' });
    const gates = await makeGates(join(site.folder, 'gates'));
    await site.setMirrors(command('a', gates.gated('a')) + command('b', 'true'));
    await site.startManager();
    const worker = await site.startWorker();
    await gates.begins('a');
    await gates.open('a');
    await Promise.all([runsOf(site, 'a', 1), runsOf(site, 'b', 1)]);
    await fill(join(state.path, 'filler'));
    // a database has a little room of its own
    while (!worker.stdout().includes("cannot write the worker's state")) await startAgain(site, worker, 'b');
    await startAgain(site, worker, 'a');
    const left = await gates.begins('a', 2);
    worker.kill('SIGKILL');
    await worker.ended;
    expect(await isRunning(left)).toBe(true);
    await rm(join(state.path, 'filler'));
    const again = await site.startWorker();
    await waitFor('the end of what was left', async () => !(await isRunning(left)));
    await startAgain(site, again, 'a');
    await gates.begins('a', 3);
    await gates.open('a', 3);
    await saidOver(again, 'a', 1);
  });

  test('a full log folder stops nothing: the sync goes without a log, with a warning', async () => {
    await using logs = await tempDir();
    await using _ = await tmpfsMount(logs.path, 'size=64k,nr_inodes=3');
    await writeFile(join(logs.path, 'filler'), '');
    await fill(join(logs.path, 'filler'));
    await using site = await makeSite({
      mirrors:
        command('a', `sh -c 'echo said; echo x > ran'`, `log_dir = "${logs.path}/a"`) + command('b', 'true'),
    });
    await site.startManager();
    const worker = await site.startWorker();
    await Promise.all(['a', 'b'].map((name) => site.waitForStatus(name, isOver)));
    expect([...(await site.statuses()).values()].map(({ status }) => status)).toEqual(['success', 'success']);
    expect(await readFile(join(site.folder, 'data/a/ran'), 'utf8')).toBe('x\n');
    expect(worker.stdout()).toMatch(/\[WARN[^\]]*\].* a: .*this attempt has no log/);
    expect((await runsOf(site, 'a', 1))[0]).toMatchObject({ result: 'success', log_file: '' });
  });
});

/** Writes to a file until there is no room. */
async function fill(file: string): Promise<void> {
  for (const size of [65_536, 4096, 512]) {
    for (;;) {
      try {
        await writeFile(file, Buffer.alloc(size), { flag: 'a' });
      } catch {
        break;
      }
    }
  }
}

test('a mirror whose folder, log folder or program is unusable fails alone', async () => {
  await using blocked = await tempDir();
  const file = join(blocked.path, 'file');
  await writeFile(file, '');
  await using site = await makeSite({
    mirrors:
      command('folder', 'true', `mirror_dir = "${file}/data"`) +
      command('log', 'true', `log_dir = "${file}/log"`) +
      command('program', '/no/such/program') +
      rsync('exclude', 'rsync://127.0.0.1:1/x/', `exclude_file = "${file}/none"`) +
      command('good', 'true'),
  });
  await site.startManager();
  await site.startWorker();
  const names = ['folder', 'log', 'program', 'exclude', 'good'];
  const statuses = await Promise.all(names.map((name) => site.waitForStatus(name, isOver)));
  expect(statuses.map(({ status }) => status)).toEqual(['failed', 'failed', 'failed', 'failed', 'success']);
  const [folder, log, program, exclude] = statuses.map(({ error_msg }) => error_msg);
  expect(folder).toContain(`${file}/data`);
  expect(log).toContain(`${file}/log`);
  expect(program).toMatch(/^exit status 127/);
  expect(exclude).toMatch(/^exit status \d+: /);
});

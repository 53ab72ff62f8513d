import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { copyFile, mkdir, open, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  FakeClock,
  plainMirror,
  startRsyncDaemon,
  tempDir,
  waitFor,
  type RsyncDaemon,
  type TempDir,
} from '@tunasync/test-utils';
import {
  commandProvider,
  rsyncProvider,
  twoStageRsyncProvider,
  type Progress,
  type ProgressRun,
} from '../src/index.js';
import { findReceiver } from '../src/progress/processes.js';

let upstream: TempDir;
let daemon: RsyncDaemon;

beforeAll(async () => {
  upstream = await tempDir();
  const many = join(upstream.path, 'many');
  const big = join(upstream.path, 'big');
  await mkdir(many);
  await mkdir(big);
  await Promise.all(
    Array.from({ length: 400 }, (_, i) => writeFile(join(many, `file-${i}`), `${i}`.repeat(1000))),
  );
  await writeFile(join(big, 'image'), 'x'.repeat(8_000_000));
  await writeFile(join(big, 'last'), 'x');
  daemon = await startRsyncDaemon({ modules: { many: { path: many }, big: { path: big } } });
});

afterAll(async () => {
  await daemon.stop();
  await upstream.remove();
});

interface Pull extends AsyncDisposable {
  child: ChildProcess;
  logFile: string;
  ended: Promise<unknown>;
  pids: () => Promise<number[]>;
}

/** Living members of a process group. */
function groupMembers(group: number): number[] {
  return readdirSync('/proc').flatMap((name) => {
    try {
      const [, state, , pgid] =
        / \(.*\) (\S) (\d+) (\d+)/.exec(readFileSync(`/proc/${name}/stat`, 'latin1')) ?? [];
      return state !== 'Z' && Number(pgid) === group ? [Number(name)] : [];
    } catch {
      return [];
    }
  });
}

async function begin(folder: TempDir, argv: readonly string[]): Promise<Pull> {
  const logFile = join(folder.path, 'x.log');
  const log = await open(logFile, 'a');
  const child = spawn(argv[0]!, argv.slice(1), { stdio: ['ignore', log.fd, log.fd], detached: true });
  const ended = once(child, 'exit');
  await log.close();
  const { pid = 0 } = child;
  return {
    child,
    logFile,
    ended,
    pids: () => Promise.resolve(groupMembers(pid)),
    async [Symbol.asyncDispose]() {
      if (child.exitCode === null && child.signalCode === null) process.kill(-pid, 'SIGKILL');
      await ended;
    },
  };
}

/** One pull of a module as the provider makes it, slowed down. */
async function pull(folder: TempDir, module: string, options: string[]): Promise<Pull> {
  const workingDir = join(folder.path, 'mirror');
  await mkdir(workingDir, { recursive: true });
  const provider = rsyncProvider.create({
    ...plainMirror,
    upstream: daemon.url(module),
    workingDir,
    rsyncOptions: options,
  });
  const [{ argv }] = provider.commands({ logDir: folder.path, logFile: join(folder.path, 'x.log') });
  return begin(folder, argv);
}

interface Watched {
  clock: FakeClock;
  told: Progress[];
  /** Moves on second by second until something is told that fits. */
  until(what: string, fits: (progress: Progress) => boolean): Promise<Progress>;
  stop: () => void;
}

function watch(
  pulled: Pick<Pull, 'logFile' | 'pids'>,
  folder: TempDir,
  more: Partial<ProgressRun> = {},
): Watched {
  const clock = new FakeClock();
  const told: Progress[] = [];
  const provider = rsyncProvider.create({
    ...plainMirror,
    upstream: 'rsync://example.org/',
    workingDir: folder.path,
  });
  const { stop } = provider.watch!({
    logFile: pulled.logFile,
    processes: pulled.pids,
    clock,
    onProgress: (progress) => told.push(progress),
    ...more,
  });
  return {
    clock,
    told,
    until: (what, fits) =>
      waitFor(what, async () => {
        await clock.advance(1000);
        return told.find(fits);
      }),
    stop,
  };
}

describe('the progress of a real rsync', () => {
  test('many files: bytes and rate from the kernel, files and percentage from rsync’s own line', async () => {
    await using folder = await tempDir();
    await using pulled = await pull(folder, 'many', ['--bwlimit=400']);
    const watched = watch(pulled, folder);
    const first = await watched.until('a percentage', ({ percent }) => percent !== undefined);
    expect(first.percent).toBeGreaterThan(0);
    expect(first.percent).toBeLessThan(100);
    expect(first.bytes).toBeGreaterThan(0);
    expect(first.files).toBeGreaterThan(0);
    // 401 entries with the folder itself, which is no file to transfer
    expect(first.percent).toBeCloseTo((100 * (first.files! + 1)) / 401, 0);
    const later = await watched.until('an estimate', ({ eta }) => eta !== undefined);
    expect(later.percent).toBeGreaterThan(first.percent!);
    watched.stop();
    expect(await pulled.ended).toEqual([0, null]);
    const log = await readFile(pulled.logFile, 'utf8');
    // one line for each question, at the start of a line, and the names of all files unharmed
    const lines = log.split('\n').filter((line) => line.includes('xfr#'));
    expect(lines.length).toBeGreaterThan(1);
    expect(lines.every((line) => /^\r +[\d.]+[KM]? +\d+% .*\(xfr#\d+, to-chk=\d+\/401\)$/.test(line))).toBe(
      true,
    );
    expect(log.match(/^file-\d+$/gm)).toHaveLength(400);
    const outcome = await rsyncProvider
      .create({ ...plainMirror, upstream: daemon.url('many') })
      .inspect({ logDir: folder.path, logFile: pulled.logFile }, { code: 0, signal: null });
    expect(outcome).toMatchObject({ ok: true, facts: { files: 400 } });
  });

  test('one big file: bytes grow, and nothing is made up about the rest', async () => {
    await using folder = await tempDir();
    await using pulled = await pull(folder, 'big', ['--bwlimit=4000']);
    const watched = watch(pulled, folder);
    const first = await watched.until('bytes', ({ bytes = 0 }) => bytes > 500_000);
    const later = await watched.until('more bytes', ({ bytes = 0 }) => bytes > first.bytes! + 1_000_000);
    expect(later).toEqual({ bytes: expect.any(Number), rate: expect.any(Number) });
    expect(later.bytes).toBeLessThan(8_100_000);
    watched.stop();
    expect(await pulled.ended).toEqual([0, null]);
    // asked in the middle, it answered at the end
    expect((await readFile(pulled.logFile, 'utf8')).match(/xfr#/g)).toHaveLength(1);
  });

  test('a second command of two goes on from where the first one ended', async () => {
    await using folder = await tempDir();
    await using pulled = await pull(folder, 'many', ['--bwlimit=400']);
    const clock = new FakeClock();
    const told: Progress[] = [];
    const { stop } = twoStageRsyncProvider.create({
      ...plainMirror,
      upstream: 'rsync://example.org/',
      workingDir: folder.path,
      stage1Profile: 'debian',
    }).watch!({
      logFile: pulled.logFile,
      command: 1,
      earlier: { bytes: 1_000_000_000, files: 5000, percent: 50 },
      processes: pulled.pids,
      clock,
      onProgress: (progress) => told.push(progress),
    });
    const progress = await waitFor('a percentage', async () => {
      await clock.advance(1000);
      return told.find(({ percent }) => percent !== undefined);
    });
    stop();
    expect(progress.bytes).toBeGreaterThan(1_000_000_000);
    expect(progress.files).toBeGreaterThan(5000);
    expect(progress.percent).toBeGreaterThan(50);
    expect(progress.percent).toBeLessThanOrEqual(100);
  });

  test('questions at any moment, also before the transfer and while files are deleted, do no harm', async () => {
    await using folder = await tempDir();
    const mirror = join(folder.path, 'mirror');
    await mkdir(mirror);
    await Promise.all(Array.from({ length: 500 }, (_, i) => writeFile(join(mirror, `obsolete-${i}`), '')));
    await using pulled = await pull(folder, 'many', ['--bwlimit=4000']);
    const over = (): boolean => pulled.child.exitCode !== null || pulled.child.signalCode !== null;
    let asked = 0;
    while (!over()) {
      // no more care is taken here than that it is the receiver
      const receiver = findReceiver(groupMembers(pulled.child.pid!));
      if (receiver !== undefined) {
        try {
          process.kill(receiver.pid, 'SIGVTALRM');
          asked++;
        } catch {
          // gone meanwhile
        }
      }
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(asked).toBeGreaterThan(5);
    expect(await pulled.ended).toEqual([0, null]);
    const log = await readFile(pulled.logFile, 'utf8');
    expect(log.match(/^deleting obsolete-\d+$/gm)).toHaveLength(500);
    expect(log.match(/^file-\d+$/gm)).toHaveLength(400);
  });
});

describe('what is left alone', () => {
  test('an rsync whose file system is not known to bear it: bytes only', async () => {
    await using folder = await tempDir();
    await using pulled = await pull(folder, 'many', ['--bwlimit=400']);
    const watched = watch(pulled, { ...folder, path: join(folder.path, 'unmounted') });
    await watched.until('bytes', ({ bytes = 0 }) => bytes > 100_000);
    await watched.clock.advance(30_000);
    watched.stop();
    expect(watched.told.every(({ files, percent }) => files === undefined && percent === undefined)).toBe(
      true,
    );
    expect(await readFile(pulled.logFile, 'utf8')).not.toContain('xfr#');
  });

  test('a process that a signal would kill, though it looks like an old rsync and its receiver', async () => {
    await using folder = await tempDir();
    const binary = join(folder.path, 'rsync');
    await copyFile('/bin/dash', binary);
    const fifo = join(folder.path, 'fifo');
    spawnSync('mkfifo', [fifo]);
    await using pulled = await begin(folder, [binary, '-c', `(read line <${fifo}; echo "got $line") & wait`]);
    await waitFor('both processes', () => findReceiver(groupMembers(pulled.child.pid!)));
    const watched = watch(pulled, folder);
    await watched.until('bytes', ({ bytes }) => bytes !== undefined);
    await watched.clock.advance(30_000);
    watched.stop();
    await writeFile(fifo, 'hello\n');
    expect(await pulled.ended).toEqual([0, null]);
    expect(await readFile(pulled.logFile, 'utf8')).toBe('got hello\n');
  });

  test('programs that are no rsync, scripts of that name among them', async () => {
    await using folder = await tempDir();
    const script = join(folder.path, 'rsync');
    await writeFile(script, '#!/bin/sh\n(sleep 60) & wait\n', { mode: 0o755 });
    await using pulled = await begin(folder, [script]);
    await waitFor('both processes', () => groupMembers(pulled.child.pid!).length > 1);
    const watched = watch(pulled, folder);
    await watched.clock.advance(60_000);
    watched.stop();
    expect(watched.told).toEqual([]);
    expect(groupMembers(pulled.child.pid!).length).toBeGreaterThan(1);
  });

  test('processes that cannot be seen, and pids of nobody: no progress and no error', async () => {
    await using folder = await tempDir();
    const logFile = join(folder.path, 'none.log');
    let looks = 0;
    const answers: (() => Promise<number[]>)[] = [
      () => Promise.resolve([]),
      () => Promise.resolve([2 ** 30]),
      () => Promise.reject(new Error('no docker')),
    ];
    const pids = (): Promise<number[]> => answers[looks++ % 3]!();
    const watched = watch({ logFile, pids }, folder);
    await watched.clock.advance(600_000);
    expect(watched.told).toEqual([]);
    // a look may be dear: they become rare
    expect(looks).toBeGreaterThan(10);
    expect(looks).toBeLessThan(150);
    watched.stop();
    watched.stop();
    expect(watched.clock.pending).toBe(0);
    const before = looks;
    await watched.clock.advance(60_000);
    expect(looks).toBe(before);
  });
});

describe('a script', () => {
  test('is as far as the rsync in it says; one that says nothing is not known', async () => {
    await using folder = await tempDir();
    const logFile = join(folder.path, 'x.log');
    await writeFile(logFile, 'hello\n');
    const clock = new FakeClock();
    const told: Progress[] = [];
    const { stop } = commandProvider.create({ ...plainMirror, command: 'true' }).watch!({
      logFile,
      processes: () => Promise.resolve([process.pid]),
      clock,
      onProgress: (progress) => told.push(progress),
    });
    await clock.advance(1000);
    await waitFor('the first look', async () => {
      await clock.advance(1000);
      return clock.pending === 1;
    });
    expect(told).toEqual([]);
    const say = async (text: string): Promise<Progress> => {
      const before = told.length;
      const log = await open(logFile, 'a');
      await log.write(text);
      await log.close();
      return waitFor('the line', async () => {
        await clock.advance(1000);
        return told[before];
      });
    };
    expect(await say('\r   1.00M  10%    1.00MB/s    0:00:09 (xfr#1, to-chk=9/10)\r')).toEqual({
      bytes: 1_000_000,
      rate: 2 ** 20,
      files: 1,
      percent: 10,
    });
    expect(await say('\n\r   2.00M 100%    1.00MB/s    0:00:09 (xfr#2, ir-chk=8/20)\n')).toEqual({
      files: 2,
    });
    stop();
    expect(clock.pending).toBe(0);
  });
});

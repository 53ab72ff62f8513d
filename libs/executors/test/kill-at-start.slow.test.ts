import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { tempDir } from '@tunasync/test-utils';
import { hostExecutor, openCgroupExecutor, type ExecutionHandle, type Executor } from '../src/index.js';
import { cgroupBench, forEachVersion } from './cgroup-fixture.js';
import { startWorker, type WorkerOptions } from './worker-process.js';

const env = { PATH: process.env['PATH'] };
/** Commands that one worker starts, as far as it gets. */
const starts = 5;

/** The fate of the commands of all rounds. */
class Tally {
  readonly neverRan: string[] = [];
  found = 0;
  /** Found only because they were foreseen. */
  rescued = 0;
}

/** Busy, since timers are too coarse for what happens in a millisecond. */
function pass(milliseconds: number): void {
  const end = performance.now() + milliseconds;
  while (performance.now() < end);
}

/** When a worker is killed: right before or after its last start, or at a random moment around some start. */
type Moment = 'before' | 'after' | 'around';

/** Kills a worker, then looks for all commands that it had foreseen. */
async function round(
  name: string,
  moment: Moment,
  folder: string,
  cgroup: WorkerOptions['cgroup'],
  open: (stateDir: string) => Promise<Executor> | Executor,
  tally: Tally,
): Promise<void> {
  const stateDir = join(folder, `state-${name}`);
  const noteFolder = join(folder, `notes-${name}`);
  await mkdir(noteFolder);
  await mkdir(stateDir);
  const commands = Array.from({ length: starts }, (_, i) => {
    const id = `${name}-${i}`;
    return { script: `echo ${id} >> started; exec sleep 600`, mirror: id, id };
  });
  await using worker = await startWorker({
    stateDir,
    cwd: folder,
    commands,
    noteFolder,
    waitForInput: true,
    hold: moment === 'around' ? undefined : { id: `${name}-${starts - 1}`, when: moment },
    ...(cgroup && { cgroup }),
  });
  expect(await worker.next()).toBe('open');
  worker.child.stdin?.write('go\n');
  const victim = `${name}-${Math.floor(Math.random() * starts)}`;
  for (;;) {
    const told = (await worker.next()) as { foreseen?: string; held?: string };
    if (moment === 'around' ? told.foreseen === victim : told.held !== undefined) break;
  }
  if (moment === 'around') pass(Math.random() * 12);
  await worker.kill();

  const executor = await open(stateDir);
  const names = readdirSync(noteFolder);
  const ids = names.filter((file) => !file.includes('.'));
  const attached = await Promise.all(
    ids.map(async (id) => {
      const handle = JSON.parse(readFileSync(join(noteFolder, id), 'utf8')) as ExecutionHandle;
      const execution = await executor.attach(handle);
      await execution?.terminate();
      return { id, handle, exit: await execution?.exit };
    }),
  );
  for (const { id, handle, exit } of attached) {
    if (exit === undefined) tally.neverRan.push(id);
    else {
      tally.found++;
      if (!names.includes(`${id}.noted`)) tally.rescued++;
      // no process saw the end of a launcher that had not set its traps yet
      expect([null, 'SIGTERM']).toContain(exit.signal);
      expect(exit.code).toBeNull();
    }
    await executor.cleanup(handle);
    expect(await executor.attach(handle)).toBeUndefined();
  }
  expect(readdirSync(stateDir)).toEqual([]);
}

/** Plays one round for each certain moment, so that every outcome occurs on any machine, and the others at random. */
async function rounds(count: number, play: (name: string, moment: Moment) => Promise<void>): Promise<void> {
  const moments: Moment[] = Array.from({ length: count }, () => 'around');
  moments.push('before', 'after');
  const player = async () => {
    for (let moment = moments.pop(); moment !== undefined; moment = moments.pop()) {
      await play(`round${moments.length}`, moment);
    }
  };
  // all of them come to their end, also when one fails
  const played = await Promise.allSettled([player(), player(), player()]);
  for (const end of played) if (end.status === 'rejected') throw end.reason;
}

function check(tally: Tally, folder: string): void {
  const file = join(folder, 'started');
  // on a busy machine every command may have been ended before it wrote its name
  const started = existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
  const doubled = tally.neverRan.filter((id) => started.includes(id));
  expect(doubled).toEqual([]);
  // it was killed before a start and after one, and in between
  expect(tally.neverRan.length).toBeGreaterThan(0);
  expect(tally.rescued).toBeGreaterThan(0);
  expect(tally.found).toBeGreaterThan(tally.rescued);
}

describe('a worker killed with SIGKILL around a start', () => {
  test('defect 13: the command is found, or it never ran', async () => {
    await using folder = await tempDir();
    const tally = new Tally();
    const open = (stateDir: string) => hostExecutor({ stateDir, env });
    await rounds(22, (name, moment) => round(name, moment, folder.path, undefined, open, tally));
    check(tally, folder.path);
  }, 120_000);

  forEachVersion((hierarchy) => {
    const { version } = hierarchy;
    test(`defect 13: the command in a cgroup v${version} is found, or it never ran, and no cgroup stays`, async () => {
      await using bench = await cgroupBench(hierarchy);
      const tally = new Tally();
      const open = (stateDir: string) => openCgroupExecutor({ stateDir, env, group: bench.group, version });
      await rounds(8, (name, moment) =>
        round(name, moment, bench.folder, { group: bench.group, version }, open, tally),
      );
      check(tally, bench.folder);
      expect(readdirSync(bench.path, { withFileTypes: true }).filter((entry) => entry.isDirectory())).toEqual(
        [],
      );
    }, 120_000);
  });
});

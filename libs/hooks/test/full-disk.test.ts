import { open, readdir, readFile, readlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { compilePattern, type MirrorConfig } from '@tunasync/config';
import { canMount, FakeClock, tmpfsMount, type Mount } from '@tunasync/test-utils';
import { builtInHooks, createHooks, HookRunner } from '../src/index.js';
import { fixture, type Fixture } from './fixture.js';

const onMounts = canMount() ? describe : describe.skip;
const noon = new Date(2026, 10, 23, 12, 0).getTime();

interface Site extends AsyncDisposable {
  run: Fixture;
  runner: HookRunner;
  clock: FakeClock;
}

/** A mirror whose log folder is a small disk of its own. */
async function site(disk: string, fields: Partial<MirrorConfig> = {}): Promise<Site> {
  const run = await fixture(fields);
  const mount: Mount = await tmpfsMount(run.mirror.logDir, disk);
  const clock = new FakeClock(noon);
  const runner = new HookRunner(createHooks(builtInHooks({ clock, env: process.env }), run.mirror));
  return {
    run,
    runner,
    clock,
    async [Symbol.asyncDispose]() {
      await mount[Symbol.asyncDispose]();
      await run.remove();
    },
  };
}

async function attempt(
  { run, runner }: Site,
  text: string,
  end: 'post-success' | 'post-fail',
): Promise<void> {
  run.context.attempt++;
  await runner.run('pre-exec', run.context);
  await writeFile(run.context.logFile, text, { flag: 'a' });
  await runner.run('post-exec', run.context);
  await runner.run(end, run.context);
}

const logs = async (run: Fixture): Promise<string[]> => (await readdir(run.mirror.logDir)).sort();

onMounts('a full log disk', () => {
  test.each([
    ['takes no more bytes', 'size=64k', 64 * 1024],
    ['takes no more names', 'size=1m,nr_inodes=2', 0],
  ])('that %s is reported, and the attempts go without a log', async (_, disk, used) => {
    await using place = await site(disk, { logMaxSize: 1 << 20 });
    const { run } = place;
    await writeFile(join(run.mirror.logDir, 'other'), Buffer.alloc(used));
    await attempt(place, 'lost', 'post-fail');
    await attempt(place, 'lost', 'post-success');
    expect(run.context.logFile).toBe('/dev/null');
    const warning = expect.stringMatching(
      new RegExp(
        `^warn debian: no room for a log in ${run.mirror.logDir}: .*ENOSPC.*; this attempt has no log$`,
      ),
    );
    expect(run.lines).toEqual([warning, warning]);
    expect(await logs(run)).toEqual(['other']);
  });

  test('says so when the log would have decided about the attempt', async () => {
    await using place = await site('size=64k', { failOnMatch: compilePattern('FAILED') });
    await writeFile(join(place.run.mirror.logDir, 'other'), Buffer.alloc(64 * 1024));
    await attempt(place, 'FAILED', 'post-success');
    expect(place.run.lines).toEqual([
      expect.stringMatching(/; this attempt has no log, and fail_on_match and size_pattern find nothing/),
    ]);
  });

  test('is emptied of the mirror’s oldest log for the new one', async () => {
    await using place = await site('size=192k', { logKeep: 2 });
    const { run, clock } = place;
    for (let minute = 0; minute < 2; minute++) {
      await attempt(place, 'x'.repeat(80 * 1024), 'post-success');
      await clock.advance(60_000);
    }
    await attempt(place, 'third', 'post-success');
    expect(await logs(run)).toEqual(['debian_2026-11-23_12_01.log', 'debian_2026-11-23_12_02.log', 'latest']);
    expect(await readFile(join(run.mirror.logDir, 'latest'), 'utf8')).toBe('third');
    expect(run.lines).toEqual([]);
  });

  test('a missing link for lack of room is reported; the log is written and marked nevertheless', async () => {
    // one name for the folder itself, one for the log
    await using place = await site('size=1m,nr_inodes=2');
    const { run } = place;
    await attempt(place, 'kept', 'post-fail');
    const warning = expect.stringMatching(
      new RegExp(`^warn debian: cannot link ${run.mirror.logDir}/latest: .*ENOSPC`),
    );
    expect(run.lines).toEqual([warning, warning]);
    expect(await logs(run)).toEqual(['debian_2026-11-23_12_00.log.fail']);
    expect(await readFile(run.context.logFile, 'utf8')).toBe('kept');
  });

  test('keeps a log that cannot be shortened on it', async () => {
    await using place = await site('size=256k', { logMaxSize: 128 * 1024 });
    const { run } = place;
    const text = 'x'.repeat(250 * 1024);
    await attempt(place, text, 'post-success');
    expect(run.lines).toEqual([expect.stringMatching(/^warn debian: cannot shorten .*ENOSPC/)]);
    expect(await readFile(run.context.logFile, 'utf8')).toBe(text);
  });

  test('that has room again gets logs again, and the link follows', async () => {
    await using place = await site('size=128k');
    const { run, clock } = place;
    const other = await open(join(run.mirror.logDir, 'other'), 'w');
    await other.writeFile(Buffer.alloc(100 * 1024));
    await attempt(place, 'lost', 'post-success');
    await other.truncate(0);
    await other.close();
    await clock.advance(60_000);
    await attempt(place, 'kept', 'post-success');
    expect(await readlink(join(run.mirror.logDir, 'latest'))).toBe('debian_2026-11-23_12_01.log');
  });

  test('gives the lines after an attempt a log file that is none', async () => {
    await using place = await site('size=64k', {
      execOnFailure: [`sh -c 'test "$TUNASYNC_LOG_FILE" = /dev/null'`],
    });
    await writeFile(join(place.run.mirror.logDir, 'other'), Buffer.alloc(64 * 1024));
    await attempt(place, '', 'post-fail');
  });
});

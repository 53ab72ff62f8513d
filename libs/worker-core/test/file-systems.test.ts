import { describe, expect, test } from '@jest/globals';
import { FakeClock } from '@tunasync/test-utils';
import { FileSystems } from '../src/engine/file-systems.js';

/** A machine whose mounts may hang. */
function machine(mounts: readonly string[], hanging: readonly string[] = []) {
  const clock = new FakeClock();
  const hang = new Set(hanging);
  /** Questions that have no answer yet. */
  const open = new Set<() => void>();
  const answer = <T>(path: string, value: T): Promise<T> => {
    const isStuck = [...hang].some((mount) => `${path}/`.startsWith(`${mount}/`));
    if (!isStuck) return Promise.resolve(value);
    return new Promise((resolve) => {
      const end = (): void => {
        open.delete(end);
        resolve(value);
      };
      open.add(end);
    });
  };
  const fileSystems = new FileSystems(clock, {
    mountInfo: () =>
      Promise.resolve(mounts.map((path, n) => `${n} 1 8:1 / ${path} rw - ext4 /dev/sda1 rw`).join('\n')),
    realpath: (path) => answer(path, path),
    statfs: (path) => answer(path, { bsize: 10, blocks: path.length, bavail: 1 }),
  });
  return {
    clock,
    open,
    /** The paths that are told of, however long that takes, and how many seconds it took. */
    paths: async (...folders: string[]): Promise<[paths: string[], seconds: number]> => {
      const begin = clock.now();
      let facts: { path: string }[] | undefined;
      void fileSystems.of(folders).then((all) => (facts = all));
      await clock.advance(0);
      while (facts === undefined) await clock.advance(1000);
      return [facts.map(({ path }) => path), (clock.now() - begin) / 1000];
    },
    recover: (): void => {
      hang.clear();
      for (const end of open) end();
    },
    fileSystems,
  };
}

test('each file system is told of once, with what is free and what there is', async () => {
  const { fileSystems } = machine(['/', '/data', '/data/big', '/with\\040blank']);
  expect(await fileSystems.of(['/data/a', '/data/b', '/data/big/c', '/database', '/with blank/d'])).toEqual([
    { path: '/', total: 10, free: 10 },
    { path: '/data', total: 50, free: 10 },
    { path: '/data/big', total: 90, free: 10 },
    { path: '/with blank', total: 110, free: 10 },
  ]);
});

test('who asks at the same time gets the same answer', async () => {
  const { fileSystems } = machine(['/', '/data']);
  const [first, second] = await Promise.all([fileSystems.of(['/data/a']), fileSystems.of(['/data/a'])]);
  expect(second).toEqual([{ path: '/data', total: 50, free: 10 }]);
  expect(second).toEqual(first);
});

describe('a file system that hangs', () => {
  test('is left out, and waited for once however many mirrors it has', async () => {
    const { paths, open } = machine(['/', '/data', '/nfs'], ['/nfs']);
    const folders = Array.from({ length: 1000 }, (_, n) => `/nfs/${n}`);
    expect(await paths(...folders, '/data/a')).toEqual([['/data'], 3]);
    expect(open.size).toBe(1);
  });

  test('is asked nothing more before it has answered, so that not all threads wait for it', async () => {
    const { clock, paths, open, recover } = machine(['/', '/data', '/nfs'], ['/nfs']);
    for (let beat = 0; beat < 10; beat++) {
      const [told, seconds] = await paths('/nfs/a', '/data/a');
      expect([told, seconds]).toEqual([['/data'], beat === 0 ? 3 : 0]);
      await clock.advance(30_000);
    }
    expect(open.size).toBe(1);
    recover();
    expect(await paths('/nfs/a', '/data/a')).toEqual([['/data', '/nfs'], 0]);
  });

  test('with others that hang keeps two threads at most', async () => {
    const stuck = ['/n1', '/n2', '/n3', '/n4'];
    const { paths, open, recover } = machine(['/', ...stuck], stuck);
    expect(await paths(...stuck.map((mount) => `${mount}/m`))).toEqual([[], 6]);
    expect(open.size).toBe(2);
    recover();
    expect((await paths(...stuck.map((mount) => `${mount}/m`)))[0]).toEqual(stuck);
  });
});

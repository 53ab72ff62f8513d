import { tmpdir } from 'node:os';
import { describe, expect, test } from '@jest/globals';
import { freeSpace } from '../src/admission/free-space.js';
import { gateRig } from './support/gate.js';

const minute = 60_000;
const quota = { diskQuota: 1000 };

/** Disks whose room the test sets; those without an answer hang until they get one. */
function disks(rooms: Record<string, number | Error | undefined>) {
  const hanging = new Map<string, ((bytes: number) => void)[]>();
  const asked: string[] = [];
  return {
    rooms,
    asked,
    answer: (folder: string, bytes: number) => {
      rooms[folder] = bytes;
      for (const resolve of hanging.get(folder) ?? []) resolve(bytes);
    },
    freeSpace: (folder: string): Promise<number> => {
      asked.push(folder);
      const room = rooms[folder];
      if (room instanceof Error) return Promise.reject(room);
      if (room !== undefined) return Promise.resolve(room);
      return new Promise((resolve) => {
        hanging.set(folder, [...(hanging.get(folder) ?? []), resolve]);
      });
    },
  };
}

describe('a disk quota', () => {
  test('lets a job in when so much is free', async () => {
    const { order, enter, settle } = gateRig(1, disks({ '/data/a': 1000 }));
    enter('a', quota);
    await settle();
    expect(order).toEqual(['a']);
  });

  test('holds a job back, and nobody else, until there is room: that is looked at every minute', async () => {
    const disk = disks({ '/data/a': 999 });
    const { admission, clock, logger, order, told, enter, settle } = gateRig(1, disk);
    const start = clock.now();
    const a = enter('a', { ...quota, priority: 100 });
    const b = enter('b');
    expect([admission.taken, admission.waiting]).toEqual([0, 2]);
    await settle();
    expect(order).toEqual(['b']);
    expect([admission.taken, admission.waiting]).toEqual([1, 1]);
    const waits = { for: 'disk', path: '/data/a', free: 999, needed: 1000 };
    expect(a.waits).toEqual({ ...waits, until: start + minute });
    expect(told.at(-1)).toEqual(['a', { ...waits, until: start + minute }]);
    expect(logger.lines.map(({ message }) => message)).toEqual([
      'a: waits for 1000 free bytes in /data/a: 999 bytes are free',
    ]);
    b.leave();
    disk.rooms['/data/a'] = 500;
    await clock.advance(minute);
    expect(a.waits).toEqual({ ...waits, free: 500, until: start + 2 * minute });
    disk.rooms['/data/a'] = 2000;
    await clock.advance(minute);
    expect(order).toEqual(['b', 'a']);
    expect([admission.taken, admission.waiting, clock.pending]).toEqual([1, 0, 0]);
  });

  test('the highest priority gets the slot though its disk must be looked at first', async () => {
    const { order, enter, settle } = gateRig(1, disks({ '/data/a': 5000, '/data/b': 5000 }));
    enter('a', { ...quota, priority: 90 });
    enter('b', { ...quota, priority: 80 });
    enter('c', { priority: 70 });
    await settle();
    expect(order).toEqual(['a']);
  });

  test('a disk is not asked again within seconds', async () => {
    const disk = disks({ '/data/a': 5000 });
    const { clock, order, enter, settle } = gateRig(1, disk);
    for (let round = 0; round < 3; round++) {
      const a = enter('a', quota);
      await settle();
      a.leave();
    }
    expect(order).toEqual(['a', 'a', 'a']);
    expect(disk.asked).toEqual(['/data/a']);
    disk.rooms['/data/a'] = 0;
    await clock.advance(5000);
    const a = enter('a', quota);
    await settle();
    expect(a.waits).toMatchObject({ for: 'disk', free: 0 });
  });

  test('who leaves while its disk is looked at gives its slot to the next one', async () => {
    const disk = disks({});
    const { order, enter, settle } = gateRig(1, disk);
    const a = enter('a', quota);
    enter('b');
    expect(order).toEqual([]);
    a.leave();
    expect(order).toEqual(['b']);
    disk.answer('/data/a', 5000);
    await settle();
    expect(order).toEqual(['b']);
  });

  test('a forced one does not wait for its disk', async () => {
    const disk = disks({ '/data/a': 0 });
    const { admission, order, enter, force, settle } = gateRig(1, disk);
    force('a', quota);
    const b = enter('b', quota);
    b.force();
    expect(order).toEqual(['a', 'b']);
    disk.answer('/data/b', 5000);
    await settle();
    expect(order).toEqual(['a', 'b']);
    expect([admission.taken, admission.forced, admission.waiting]).toEqual([0, 2, 0]);
  });

  test('a folder that cannot be looked at does not hold its job back: the run tells what is wrong', async () => {
    const { logger, order, enter, settle } = gateRig(1, disks({ '/data/a': new RangeError('EACCES') }));
    enter('a', quota);
    await settle();
    expect(order).toEqual(['a']);
    expect(logger.lines.map(({ message }) => message)).toEqual([
      'a: cannot find out the free bytes in /data/a: EACCES',
    ]);
  });
});

describe('a file system that does not answer', () => {
  test('holds its own jobs back, which say so; others wait two seconds at most', async () => {
    const disk = disks({ '/data/local/c': 5000 });
    const { clock, order, enter } = gateRig(2, disk);
    const nfs = (name: string) => ({ ...quota, workingDir: `/data/nfs/${name}` });
    const a = enter('a', nfs('a'));
    const b = enter('b', nfs('b'));
    enter('c', { ...quota, workingDir: '/data/local/c' });
    enter('d');
    await clock.advance(2000);
    expect(order).toEqual(['c', 'd']);
    const waits = { for: 'disk', needed: 1000 };
    expect(a.waits).toEqual({ ...waits, path: '/data/nfs/a', until: clock.now() + minute });
    expect(b.waits).toEqual({ ...waits, path: '/data/nfs/b', until: clock.now() + minute });
    // what comes now does not even take a slot to look
    const e = enter('e', nfs('e'));
    expect(e.waits).toMatchObject({ for: 'disk', path: '/data/nfs/e' });
    await clock.advance(5 * minute);
    expect(disk.asked).toEqual(['/data/nfs/a', '/data/local/c']);
  });

  test('its jobs go on within a minute or so once it answers', async () => {
    const disk = disks({});
    const { admission, clock, order, enter } = gateRig(2, disk);
    enter('a', quota);
    enter('b', quota);
    await clock.advance(10 * minute);
    expect(order).toEqual([]);
    disk.rooms['/data/b'] = 5000;
    disk.answer('/data/a', 5000);
    await clock.advance(minute);
    expect([...order].sort()).toEqual(['a', 'b']);
    expect([admission.taken, admission.waiting, clock.pending]).toEqual([2, 0, 0]);
  });

  test('two at most take up threads', async () => {
    const disk = disks({ '/healthy/x': 5000 });
    const { clock, enter } = gateRig(9, disk);
    for (const name of ['a', 'b', 'c']) enter(name, { ...quota, workingDir: `/nfs${name}/x` });
    await clock.advance(10 * minute);
    expect(disk.asked).toEqual(['/nfsa/x', '/nfsb/x']);
    const e = enter('e', { ...quota, workingDir: '/healthy/x' });
    expect(e.waits).toMatchObject({ for: 'disk', path: '/healthy/x' });
    disk.rooms['/nfsc/x'] = 0;
    disk.answer('/nfsa/x', 0);
    await clock.advance(minute);
    expect(e.state).toBe('admitted');
  });

  test('no timer is left when the gate is closed', async () => {
    const { admission, clock, enter, settle } = gateRig(1, disks({ '/data/b': 0 }));
    enter('b', quota);
    await settle();
    enter('a', quota);
    expect(clock.pending).toBe(2);
    admission.close();
    expect(clock.pending).toBe(0);
  });
});

describe('the free space of a folder', () => {
  test('is that of the nearest one above it that exists', async () => {
    const real = await freeSpace(tmpdir());
    expect(real).toBeGreaterThan(0);
    const ratio = (await freeSpace(`${tmpdir()}/not/there/yet`)) / real;
    expect(ratio).toBeGreaterThan(0.9);
    expect(ratio).toBeLessThan(1.1);
  });

  test('cannot be found out below what nobody may enter, say', async () => {
    await expect(freeSpace(`/${'x'.repeat(300)}`)).rejects.toMatchObject({ code: 'ENAMETOOLONG' });
  });
});

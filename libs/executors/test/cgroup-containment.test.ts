import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { FakeClock, tempDir } from '@tunasync/test-utils';
import { CgroupContainment } from '../src/cgroup/cgroup-containment.js';
import { Markers } from '../src/launcher/marker.js';

/** A containment over a plain folder, which is a cgroup without processes as far as it can see. */
function containmentIn(path: string, warnings: string[] = []): CgroupContainment {
  return new CgroupContainment({
    base: { version: 2, path, noMemoryLimit: undefined },
    clock: new FakeClock(),
    markers: new Markers('/state'),
    warn: (message) => void warnings.push(message),
  });
}

test('a place that could not be made is free for the next command of the mirror', async () => {
  await using folder = await tempDir();
  const base = join(folder.path, 'base');
  const containment = containmentIn(base);
  const context = { mirror: 'debian', id: 'debian-1' };
  await expect(containment.place(context)).rejects.toMatchObject({
    code: 'EXECUTOR_START_FAILED',
    message: expect.stringMatching(/^debian: cannot make its cgroup: .*ENOENT/),
  });
  await mkdir(base);
  const place = await containment.place({ ...context, id: 'debian-2' });
  expect(place.details['cgroup']).toBe(join(base, 'debian'));
});

test('a place whose memory limit could not be set is free again, and its cgroup removed', async () => {
  await using folder = await tempDir();
  const containment = containmentIn(folder.path);
  const context = { mirror: 'debian', id: 'debian-1' };
  // a plain folder has no file memory.max
  await expect(containment.place({ ...context, memoryLimit: 1 << 20 })).rejects.toThrow(
    /^debian: cannot set its memory_limit: .*ENOENT/,
  );
  await expect(containment.place({ ...context, id: 'debian-2' })).resolves.toBeDefined();
});

test('a place is taken until it is removed, and free then even if its cgroup cannot be removed', async () => {
  await using folder = await tempDir();
  const warnings: string[] = [];
  const containment = containmentIn(folder.path, warnings);
  const place = await containment.place({ mirror: 'debian', id: 'debian-1' });
  const next = { mirror: 'debian', id: 'debian-2' };
  await expect(containment.place(next)).rejects.toThrow('another command of it is running in the cgroup');
  const inTheWay = join(folder.path, 'debian', 'file');
  await writeFile(inTheWay, '');
  await place.remove();
  expect(warnings).toEqual([expect.stringMatching(/^cannot remove the cgroup .*ENOTEMPTY/)]);
  await rm(inTheWay);
  await expect(containment.place(next)).resolves.toBeDefined();
});

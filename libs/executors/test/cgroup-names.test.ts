import { describe, expect, test } from '@jest/globals';
import { cgroupName } from '../src/cgroup/cgroup-name.js';
import { findHierarchy, groupFolder, ownFolder } from '../src/cgroup/hierarchy.js';

describe('the name of a cgroup', () => {
  test.each([
    ['debian', 'debian'],
    ['debian-cd', 'debian-cd'],
    ['c++', 'c++'],
    ['mirror.example.org', 'mirror.example.org'],
    ['Spiegel 镜像', 'Spiegel 镜像'],
    ['_x', '_x'],
    ['a/b', 'a%2Fb'],
    ['a%2Fb', 'a%252Fb'],
    ['.hidden', '%2Ehidden'],
    ['..', '%2E.'],
    ['__worker', '%5F_worker'],
    ['tasks', '%74asks'],
    ['cgroup.procs', 'cgroup%2Eprocs'],
    ['memory.max.x', 'memory%2Emax.x'],
    ['a\nb', 'a%0Ab'],
    ['', '%'],
  ])('of mirror %j is %j', (mirror, name) => {
    expect(cgroupName(mirror)).toBe(name);
  });

  test('is never too long, and differs', () => {
    const [one, two] = ['%'.repeat(199) + 'a', '%'.repeat(199) + 'b'].map(cgroupName);
    expect(Buffer.byteLength(one ?? '')).toBeLessThanOrEqual(255);
    expect(one).not.toBe(two);
    expect(cgroupName('x'.repeat(200))).toBe('x'.repeat(200));
  });
});

const v1 = '35 31 0:32 / /sys/fs/cgroup/memory rw,relatime shared:9 - cgroup cgroup rw,memory';
const v2 = '41 31 0:38 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw,nsdelegate';
const unified = v2.replace('/sys/fs/cgroup', '/sys/fs/cgroup/unified');
const root = '23 1 254:1 / / rw,relatime - ext4 /dev/root rw';

describe('the hierarchy', () => {
  const own1 = '3:cpuset:/\n4:cpuacct,memory:/system.slice/worker.service\n';
  const own2 = '0::/system.slice/worker.service\n';

  test.each([
    ['version 1', [root, v1], own1, 1, '/sys/fs/cgroup/memory'],
    ['version 2', [root, v2], own2, 2, '/sys/fs/cgroup'],
    ['version 1 of a hybrid machine', [root, unified, v1], own1 + own2, 1, '/sys/fs/cgroup/memory'],
    [
      'version 2 where 1 has no memory',
      [root, v1.replace('memory rw', 'x rw').replace(',memory', ',cpu'), unified],
      own1 + own2,
      2,
      '/sys/fs/cgroup/unified',
    ],
  ])('is %s', (_, mounts, own, version, mountPoint) => {
    const hierarchy = findHierarchy(mounts.join('\n'), own);
    expect(hierarchy).toEqual({ version, mountPoint, root: '/', own: '/system.slice/worker.service' });
    expect(ownFolder(hierarchy)).toBe(`${mountPoint}/system.slice/worker.service`);
  });

  test('is the one that is asked for', () => {
    expect(findHierarchy(`${v1}\n${unified}`, own1 + own2, 2).mountPoint).toBe('/sys/fs/cgroup/unified');
  });

  test('is that of a container, which sees a part', () => {
    const mounted = v1.replace(' / ', ' /docker/0a1b ').replace('/sys/fs/cgroup/memory', '/sys/fs/a\\040b');
    const hierarchy = findHierarchy(mounted, '4:memory:/docker/0a1b/x\n');
    expect(hierarchy).toMatchObject({ root: '/docker/0a1b', mountPoint: '/sys/fs/a b' });
    expect(ownFolder(hierarchy)).toBe('/sys/fs/a b/x');
    expect(ownFolder({ ...hierarchy, own: '/docker/0a1b' })).toBe('/sys/fs/a b');
  });

  test.each(['/docker/another', '/../outside'])('does not contain %s', (own) => {
    const hierarchy = findHierarchy(v1.replace(' / ', ' /docker/0a1b '), `4:memory:${own}\n`);
    expect(() => ownFolder(hierarchy)).toThrow(
      expect.objectContaining({
        code: 'CGROUP_UNUSABLE',
        message: `this process is in cgroup ${own}, which is not below what is mounted at /sys/fs/cgroup/memory: set cgroup.group`,
      }),
    );
  });

  test.each([
    [undefined, 'no cgroup file system is mounted: mount cgroup2 at /sys/fs/cgroup, or disable cgroup'],
    [2 as const, 'no cgroup v2 file system is mounted: mount cgroup2 at /sys/fs/cgroup, or disable cgroup'],
    [
      1 as const,
      'no cgroup v1 file system with the memory controller is mounted: mount one, or disable cgroup',
    ],
  ])('is missing (version %s)', (version, message) => {
    expect(() => findHierarchy(root, own2, version)).toThrow(
      expect.objectContaining({ code: 'CGROUP_UNUSABLE', message }),
    );
  });

  test.each([
    ['tunasync', '/sys/fs/cgroup/tunasync'],
    ['/tunasync', '/sys/fs/cgroup/tunasync'],
    ['/a/b/', '/sys/fs/cgroup/a/b'],
    ['/', '/sys/fs/cgroup'],
  ])('has group %s at %s', (group, folder) => {
    expect(groupFolder(findHierarchy(v2, own2), group)).toBe(folder);
  });

  test.each(['../etc', 'a/../../b', 'a\0b'])('has no group %j', (group) => {
    expect(() => groupFolder(findHierarchy(v2, own2), group)).toThrow(
      `cgroup.group "${group}" is not the path of a cgroup: expected one such as tunasync/jobs`,
    );
  });
});

import { describe, expect, test } from '@jest/globals';
import type { Executor } from '@tunasync/executors';
import { containerOf, executorsOf } from '../src/engine/executors.js';
import { configOf, mirrorOf } from './support/mirror.js';

const named = (name: string): Executor => ({
  name,
  start: () => Promise.reject(new RangeError('not asked for')),
  attach: () => Promise.resolve(undefined),
  cleanup: () => Promise.resolve(),
});
const host = named('host');
const docker = named('docker');
const cgroup = named('cgroup');
const withDocker = { docker: { enable: true, volumes: ['/pub:/pub'], options: ['--network', 'host'] } };
const image = mirrorOf('m', {
  dockerImage: 'debian:12',
  dockerVolumes: ['/keys:/keys:ro'],
  dockerOptions: ['--cpus', '2'],
  excludeFile: '/etc/excludes',
});
const plain = mirrorOf('m');

describe('who runs a mirror', () => {
  test.each([
    ['an image, Docker enabled', image, withDocker, cgroup, 'docker'],
    ['an image, Docker not enabled', image, {}, undefined, 'host'],
    ['no image, Docker enabled', plain, withDocker, undefined, 'host'],
    ['no image, cgroups enabled too', plain, withDocker, cgroup, 'cgroup'],
    ['nothing enabled', plain, {}, undefined, 'host'],
  ])('%s', (_, mirror, values, group, expected) => {
    const executors = executorsOf(configOf([], values), { host, docker, cgroup: group });
    expect(executors.for(mirror).name).toBe(expected);
  });

  test('what ran under another configuration is found by its kind', () => {
    const executors = executorsOf(configOf([]), { host, docker, cgroup: undefined });
    expect(executors.of({ executor: 'docker' })).toBe(docker);
    expect(executors.of({ executor: 'cgroup' })).toBeUndefined();
  });
});

test('a container gets the volumes and options of all before those of the mirror, and the exclude file read-only', () => {
  expect(containerOf(image, configOf([], withDocker))).toEqual({
    image: 'debian:12',
    volumes: ['/pub:/pub', '/keys:/keys:ro', '/etc/excludes:/etc/excludes:ro'],
    options: ['--network', 'host', '--cpus', '2'],
  });
  expect(containerOf(plain, configOf([], withDocker))).toBeUndefined();
});

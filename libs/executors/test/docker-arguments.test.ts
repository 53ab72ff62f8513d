import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { containerEnv } from '../src/docker/container-env.js';
import { containerName } from '../src/docker/container-name.js';
import { runArguments } from '../src/docker/run-arguments.js';

describe('the arguments of docker run', () => {
  test('are those of tunasync, in its order', () => {
    expect(
      runArguments({
        spec: {
          argv: ['rsync', '-aHvh', 'rsync://mirror.example/debian/', '/srv/debian'],
          cwd: '/srv/debian',
          env: {},
          logFile: '/var/log/tunasync/debian/debian.log',
        },
        container: {
          image: 'alpine:3.20',
          volumes: ['/etc/ssl:/etc/ssl:ro', '/etc/exclude.txt:/etc/exclude.txt:ro'],
          options: ['--network', 'host'],
        },
        name: 'tunasync-job-debian',
        execution: '/state/debian-1.exit',
        user: { uid: 1000, gid: 1001 },
        envFile: '/dev/fd/3',
        byClient: ['TOKEN'],
        memoryLimit: 268_435_456,
      }).join(' '),
    ).toBe(
      'run --rm -a STDOUT -a STDERR --name tunasync-job-debian ' +
        '--label tunasync.execution=/state/debian-1.exit --label tunasync.log=/var/log/tunasync/debian/debian.log ' +
        '-w /srv/debian -u 1000:1001 ' +
        '-v /etc/ssl:/etc/ssl:ro -v /etc/exclude.txt:/etc/exclude.txt:ro ' +
        '-v /var/log/tunasync/debian:/var/log/tunasync/debian ' +
        '-v /var/log/tunasync/debian/debian.log:/var/log/tunasync/debian/debian.log -v /srv/debian:/srv/debian ' +
        '--env-file /dev/fd/3 -e TOKEN -m 268435456 --network host ' +
        'alpine:3.20 rsync -aHvh rsync://mirror.example/debian/ /srv/debian',
    );
  });
});

test('without a log the container gets no folder for it, above all not the devices of this machine', () => {
  const args = runArguments({
    spec: { argv: ['rsync'], cwd: '/srv/debian', env: {}, logFile: '/dev/null' },
    container: { image: 'alpine', volumes: [], options: [] },
    name: 'tunasync-job-debian',
    execution: '/state/debian-1.exit',
    user: undefined,
    envFile: '/dev/fd/3',
    byClient: [],
    memoryLimit: 0,
  });
  expect(args.filter((_, index) => ['-v', '--mount'].includes(args[index - 1] ?? ''))).toEqual([
    '/srv/debian:/srv/debian',
  ]);
});

describe('the name of a container', () => {
  test('is the original’s for names that Docker takes', () => {
    for (const mirror of ['debian', 'debian-cd', 'CTAN', 'qt_5.12', '-x', '.x', '_x']) {
      expect(containerName(mirror)).toBe(`tunasync-job-${mirror}`);
    }
  });

  test('is one that Docker takes, and another one for every mirror', () => {
    const mirrors = fc.string({
      unit: fc.constantFrom('a', '_', '.', '2', 'b', '5', 'f', '+', ' ', 'ä', '镜'),
      minLength: 1,
    });
    fc.assert(
      fc.property(mirrors, mirrors, (one, other) => {
        expect(containerName(one)).toMatch(/^[a-zA-Z0-9][a-zA-Z0-9_.-]+$/);
        expect(containerName(one) === containerName(other)).toBe(one === other);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('the values for a container', () => {
  test('go into the env-file when they are a line, and through the client when they are not', () => {
    expect(containerEnv({ PATH: '/bin', KEY: 'a\nb', CR: 'c\r', EMPTY: '' })).toEqual({
      file: 'PATH=/bin\nEMPTY=\n',
      byClient: { KEY: 'a\nb', CR: 'c\r' },
    });
  });

  test.each([
    'PATH',
    'HOME',
    'DOCKER_HOST',
    'DOCKER_CONFIG',
    'https_proxy',
    'LD_PRELOAD',
    'GODEBUG',
    'SSH_AUTH_SOCK',
  ])('%s never reaches the client', (name) => {
    expect(containerEnv({ [name]: 'x' })).toEqual({ file: `${name}=x\n`, byClient: {} });
    expect(() => containerEnv({ [name]: 'secret\n' })).toThrow(
      `cannot hand the environment variable '${name}' to a container: the docker client reads it too, so that its value must be one line`,
    );
  });
});

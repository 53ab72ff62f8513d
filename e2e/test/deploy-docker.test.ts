import { copyFile, cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import {
  reservePort,
  noDockerEngine,
  startDockerEngine,
  startRsyncDaemon,
  tempDir,
  waitFor,
} from '@tunasync/test-utils';
import { startLocalRegistry } from '../src/local-registry.js';
import { importNodeImage, noNodeImage } from '../src/node-image.js';

const folder = fileURLToPath(new URL('../../examples/deploy/docker', import.meta.url));
const hasOverlay = (await readFile('/proc/filesystems', 'utf8')).includes('\toverlay\n');
const missing = noDockerEngine() ?? (hasOverlay ? await noNodeImage() : 'no overlayfs');
if (missing !== undefined) process.stderr.write(`tests of the Dockerfiles are skipped: ${missing}\n`);

(missing === undefined ? describe : describe.skip)('the Dockerfiles', () => {
  test('make a manager and a worker that answer, are healthy, sync, and halt with 0', async () => {
    await using temp = await tempDir('deploy-docker-');
    const at = (...parts: string[]): string => join(temp.path, ...parts);
    await using registry = await startLocalRegistry();
    await using engine = await startDockerEngine(process.env, 'overlay2');
    const docker = (...args: string[]): Promise<string> => engine.docker(...args);
    const base = await importNodeImage(engine);
    const build = (name: string, context: string): Promise<string> =>
      docker(
        ...[
          'build',
          '-q',
          '--network',
          'host',
          '-t',
          `tunasync-${name}`,
          '-f',
          join(context, `${name}.Dockerfile`),
        ],
        ...['--build-arg', `BASE_IMAGE=${base}`, '--build-arg', `NPM_REGISTRY=${registry.url}`, context],
      );
    // the manager from the registry, the worker from tarballs of a checkout
    await build('manager', folder);
    await cp(folder, at('context'), { recursive: true });
    const ofWorker = registry.tarballs.filter((path) => !/tunasync-(manager|ctl|\d)/.test(basename(path)));
    for (const tarball of ofWorker) await copyFile(tarball, at('context', basename(tarball)));
    await build('worker', at('context'));

    await mkdir(at('upstream'));
    await writeFile(at('upstream', 'hello'), 'from upstream\n');
    await using upstream = await startRsyncDaemon({ modules: { pub: { path: at('upstream') } } });
    const [managerPort, workerPort] = [await reservePort(), await reservePort()];
    await writeFile(
      at('worker.conf'),
      `[global]
name = "in-a-container"
log_dir = "/var/log/tunasync/{{.Name}}"
mirror_dir = "/srv/mirrors"
interval = 60
concurrent = 2

[manager]
api_base = "http://127.0.0.1:${managerPort}"

[server]
hostname = "127.0.0.1"
listen_addr = "127.0.0.1"
listen_port = ${workerPort}

[[mirrors]]
name = "pub"
upstream = "${upstream.url('pub')}"
`,
    );
    const start = (name: string, port: string, args: string[], command: string[] = []): Promise<string> =>
      docker(
        ...['run', '-d', '--name', name, '--network', 'host', '-e', `HEALTH_URL=http://127.0.0.1:${port}`],
        ...['--health-interval', '1s', ...args, `tunasync-${name}`, ...command],
      );
    await start('manager', `${managerPort}/ping`, [], ['--port', String(managerPort)]);
    const get = async (path: string): Promise<unknown> =>
      (await fetch(`http://127.0.0.1:${managerPort}${path}`)).json();
    await waitFor('the manager', async () => JSON.stringify(await get('/ping')) === '{"message":"pong"}');
    await start('worker', String(workerPort), ['-v', `${at('worker.conf')}:/etc/tunasync/worker.conf:ro`]);
    await waitFor('the sync', async () => JSON.stringify(await get('/jobs')).includes('"status":"success"'));
    expect(await docker('exec', 'worker', 'cat', '/srv/mirrors/pub/hello')).toBe('from upstream');
    for (const name of ['manager', 'worker']) {
      expect(await docker('exec', name, 'id', '-un')).toBe('tunasync');
      expect(await docker('exec', name, 'readlink', '/proc/1/exe')).toMatch(/tini$/);
      await waitFor(
        `${name} to be healthy`,
        async () => (await docker('inspect', '-f', '{{.State.Health.Status}}', name)) === 'healthy',
      );
    }
    for (const name of ['worker', 'manager']) {
      await docker('stop', '-t', '20', name);
      expect([name, await docker('inspect', '-f', '{{.State.ExitCode}}', name)]).toEqual([name, '0']);
    }
    expect(await docker('logs', 'worker')).toContain('halting');
    // a stopped server is told
    await docker(
      'run',
      '-d',
      '--name',
      'sick',
      '--health-interval',
      '1s',
      '--entrypoint',
      'sleep',
      'tunasync-manager',
      '60',
    );
    await waitFor('a container without a server to be unhealthy', async () =>
      (await docker('inspect', '-f', '{{json .State.Health.Log}}', 'sick')).includes('"ExitCode":1'),
    );
    expect(await readFile(at('upstream', 'hello'), 'utf8')).toBe('from upstream\n');
  });
});

import { execFile, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants } from 'node:fs';
import { chmod, copyFile, mkdir, open, readdir, readFile, rmdir, symlink, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { TunasyncError } from '@tunasync/protocol';
import { tempDir } from './temp-dir.js';
import { waitFor } from './wait-for.js';

/** A real Docker engine with an image of its own, reachable over a unix socket; `await using` stops it. */
export interface TestDockerEngine extends AsyncDisposable {
  /** `DOCKER_HOST`. */
  readonly host: string;
  /** Environment of a docker client that talks to it. */
  readonly env: Readonly<Record<string, string>>;
  /** Name of an image with busybox, its shell and its commands. */
  readonly image: string;
  /** Runs a docker client against it, and returns what it says on standard output, trimmed. */
  docker(...args: string[]): Promise<string>;
  /** Makes the engine hang: connections stay open, nothing is answered until {@link TestDockerEngine.resume}. */
  pause(): void;
  resume(): void;
  /** Ends the engine and all containers, and removes its files; repeated calls change nothing. */
  stop(): Promise<void>;
}

const busybox = '/bin/busybox';
const runFile = promisify(execFile);

/** Why no Docker engine can be started here; undefined when one can. */
export function noDockerEngine(): string | undefined {
  if (process.getuid?.() !== 0) return 'not root';
  const missing = ['docker', 'dockerd'].filter((program) => spawnSync(program, ['--version']).status !== 0);
  if (missing.length > 0) return `no ${missing.join(' and ')}`;
  try {
    accessSync(busybox, constants.X_OK);
  } catch {
    return `no ${busybox}`;
  }
  if (spawnSync('ldd', [busybox]).status === 0) return `${busybox} is not static`;
  // an engine mounts cgroups and file systems
  return spawnSync('unshare', ['--mount', 'true']).status === 0 ? undefined : 'no privilege to mount';
}

/**
 * Starts an engine without networks (containers need `--network host`) and makes its image.
 *
 * @param env - where `PATH` comes from; a test gives `process.env`
 * @param storageDriver - vfs works everywhere and copies all files for each step of a build; overlay2 needs the kernel's overlayfs
 * @throws {@link TunasyncError} `DOCKER_ENGINE_FAILED` with the engine's log when it does not come up
 */
export async function startDockerEngine(
  { PATH = '' }: Readonly<Record<string, string | undefined>>,
  storageDriver: 'vfs' | 'overlay2' = 'vfs',
): Promise<TestDockerEngine> {
  const folder = await tempDir('dockerd-');
  const path = (name: string): string => join(folder.path, name);
  const host = `unix://${path('engine.sock')}`;
  const env = { PATH, HOME: folder.path, DOCKER_HOST: host };
  const docker = async (...args: string[]): Promise<string> =>
    (await runFile('docker', args, { env })).stdout.trim();
  const cgroup = basename(folder.path);
  // not the machine's own settings
  await writeFile(path('engine.json'), '{}');
  const log = await open(path('engine.log'), 'a');
  const child = spawn('dockerd', engineOptions(path, host, cgroup, storageDriver), {
    stdio: ['ignore', log.fd, log.fd],
  });
  await log.close();
  let failure: string | undefined;
  child.once('error', (error) => (failure = error.message));
  child.once('exit', (code, signal) => (failure ??= `ended with ${code ?? signal ?? 'nothing'}`));

  let stopped: Promise<void> | undefined;
  const stop = (): Promise<void> =>
    (stopped ??= (async () => {
      if (failure === undefined) await endContainers(docker).catch(() => undefined);
      await endEngine(child);
      await unmountBelow(folder.path);
      await removeCgroup(cgroup);
      await folder.remove();
    })());
  try {
    await waitFor('dockerd to answer', async () => failure !== undefined || (await docker('version')) !== '');
    if (failure !== undefined) throw new TunasyncError('DOCKER_ENGINE_FAILED', `dockerd ${failure}`);
    await importImage(path('image'), env);
  } catch (error) {
    const said = await readFile(path('engine.log'), 'utf8').catch(() => '');
    await stop();
    throw new TunasyncError('DOCKER_ENGINE_FAILED', `dockerd does not come up:\n${said}`, { cause: error });
  }
  return {
    host,
    env,
    image,
    docker,
    pause: () => child.kill('SIGSTOP'),
    resume: () => child.kill('SIGCONT'),
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

const image = 'tunasync-test/busybox:latest';

function engineOptions(
  path: (name: string) => string,
  host: string,
  cgroup: string,
  storageDriver: string,
): string[] {
  return [
    ...['--iptables=false', '--ip6tables=false', '--bridge=none', `--storage-driver=${storageDriver}`],
    ...['--data-root', path('data'), '--exec-root', path('exec'), '--pidfile', path('pid')],
    ...['--config-file', path('engine.json'), '--cgroup-parent', `/${cgroup}`, '-H', host],
  ];
}

async function importImage(folder: string, env: NodeJS.ProcessEnv): Promise<void> {
  await mkdir(join(folder, 'bin'), { recursive: true });
  await mkdir(join(folder, 'tmp'));
  await chmod(join(folder, 'tmp'), 0o1777);
  await copyFile(busybox, join(folder, 'bin', 'busybox'));
  const { stdout } = await runFile(busybox, ['--list']);
  const commands = stdout.split('\n').filter((name) => name !== '' && name !== 'busybox');
  await Promise.all(commands.map((name) => symlink('busybox', join(folder, 'bin', name))));
  await runFile('sh', ['-c', 'tar -C "$1" -c . | docker import - "$2"', 'sh', folder, image], { env });
}

async function endContainers(docker: (...args: string[]) => Promise<string>): Promise<void> {
  const containers = await docker('ps', '-aq');
  if (containers !== '') await docker('rm', '-f', ...containers.split('\n'));
}

async function endEngine(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGCONT');
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), 15_000);
  await ended;
  clearTimeout(timer);
}

/** An engine leaves its network namespace mounted. */
async function unmountBelow(folder: string): Promise<void> {
  const mounts = (await readFile('/proc/self/mounts', 'utf8'))
    .split('\n')
    .map((line) => line.split(' ')[1] ?? '');
  for (const mount of mounts.filter((path) => path.startsWith(`${folder}/`)).reverse()) {
    await runFile('umount', ['-l', mount]);
  }
}

/** An engine leaves the parent of its containers' cgroups in every hierarchy. */
async function removeCgroup(name: string): Promise<void> {
  const root = '/sys/fs/cgroup';
  const hierarchies = (await readdir(root).catch(() => [])).map((hierarchy) => join(root, hierarchy));
  for (const hierarchy of [root, ...hierarchies]) {
    // most hierarchies have no such group, or are none
    await rmdir(join(hierarchy, name)).catch(() => undefined);
  }
}

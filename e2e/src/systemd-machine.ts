import { execFile, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants } from 'node:fs';
import { access, mkdir, readdir, readFile, rmdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { waitFor } from '@tunasync/test-utils';

const runFile = promisify(execFile);
const cgroups = '/sys/fs/cgroup';
const workspace = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');
const bootScript = fileURLToPath(new URL('boot-systemd.sh', import.meta.url));

/** A real systemd that runs as process 1 of its own namespaces; `await using` ends it and all that it started. */
export interface SystemdMachine extends AsyncDisposable {
  /** Runs a shell command line there, as root, and returns what it prints; rejects when it fails. */
  readonly sh: (commandLine: string) => Promise<string>;
  /** Properties of a unit, as `systemctl show` tells them. */
  readonly show: (unit: string) => Promise<Record<string, string>>;
}

/** Why no systemd can be started here; undefined when one can. */
export function noSystemdMachine(): string | undefined {
  if (process.getuid?.() !== 0) return 'not root';
  for (const program of ['/lib/systemd/systemd', 'systemctl', 'systemd-notify', 'nsenter']) {
    if (spawnSync(program, ['--version']).status !== 0) return `no ${program}`;
  }
  try {
    accessSync(cgroups, constants.W_OK);
  } catch {
    return `${cgroups} is not there or read-only`;
  }
  // where services look for programs
  const node = spawnSync('env', ['-i', 'PATH=/usr/local/bin:/usr/bin:/bin', 'node', '--version']);
  if (node.status !== 0) return 'no node for services';
  return spawnSync('unshare', ['--mount', '--pid', '--cgroup', '--fork', 'true']).status === 0
    ? undefined
    : 'no privilege for namespaces';
}

/** Boots it, with `tunasync-manager`, `tunasync-worker` and `tunasynctl` in its `/usr/local/sbin`. */
export async function startSystemdMachine(): Promise<SystemdMachine> {
  const group = `tunasync-systemd-${process.pid}`;
  const folders = await makeCgroups(group);
  const enter = `for group do echo $$ >"$group/cgroup.procs"; done; exec unshare --pid --fork --kill-child --mount --cgroup sh "$BOOT" "$WORKSPACE"`;
  const child = spawn('sh', ['-c', enter, 'sh', ...folders], {
    stdio: 'ignore',
    env: { PATH: process.env['PATH'], BOOT: bootScript, WORKSPACE: workspace },
  });
  const ended = once(child, 'exit');
  const stop = async (): Promise<void> => {
    child.kill('SIGKILL');
    await ended;
    for (const folder of folders) await waitFor(`${folder} to be removed`, () => removeTree(folder));
  };
  try {
    const init = await waitFor('systemd to boot', async () => {
      const pid = (await readFile(`/proc/${child.pid ?? 0}/task/${child.pid ?? 0}/children`, 'utf8')).trim();
      return pid !== '' && (await isUp(pid)) && pid;
    });
    const sh = async (commandLine: string): Promise<string> => (await inside(init, commandLine)).stdout;
    return {
      sh,
      show: async (unit) =>
        Object.fromEntries(
          (await sh(`systemctl show ${unit}`)).split('\n').map((line) => {
            const at = line.indexOf('=');
            return [line.slice(0, at), line.slice(at + 1)];
          }),
        ),
      [Symbol.asyncDispose]: stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

function inside(init: string, commandLine: string): Promise<{ stdout: string }> {
  return runFile('nsenter', ['-t', init, '-m', '-p', '-C', 'sh', '-c', commandLine], {
    env: { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', HOME: '/root' },
    timeout: 60_000,
  });
}

async function isUp(init: string): Promise<boolean> {
  const command = await readFile(`/proc/${init}/comm`, 'utf8');
  if (command.trim() !== 'systemd') return false;
  const state = await inside(init, 'systemctl is-active tunasync-test.target').catch(() => undefined);
  return state?.stdout.trim() === 'active';
}

/** A cgroup for the machine in each hierarchy that takes one; all that systemd makes is below them. */
async function makeCgroups(name: string): Promise<string[]> {
  const single = await access(join(cgroups, 'cgroup.controllers')).then(
    () => true,
    () => false,
  );
  const hierarchies = single ? [cgroups] : await mountedHierarchies();
  const folders: string[] = [];
  for (const hierarchy of hierarchies) {
    const folder = join(hierarchy, name);
    await mkdir(folder);
    // what a new group of this hierarchy lacks before anything can be in it
    for (const file of ['cpuset.cpus', 'cpuset.mems']) {
      const all = await readFile(join(hierarchy, file), 'utf8').catch(() => undefined);
      if (all !== undefined && !single) await writeFile(join(folder, file), all);
    }
    folders.push(folder);
  }
  return folders;
}

/** The hierarchies of version 1; a plain folder beside them is none. */
async function mountedHierarchies(): Promise<string[]> {
  const mounts = (await readFile('/proc/self/mounts', 'utf8')).split('\n').map((line) => line.split(' '));
  return mounts
    .filter(([, path = '', type = '']) => dirname(path) === cgroups && /^cgroup2?$/.test(type))
    .map(([, path = '']) => path);
}

/** @returns whether it is gone */
async function removeTree(folder: string): Promise<boolean> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  for (const entry of entries) if (entry.isDirectory()) await removeTree(join(folder, entry.name));
  return rmdir(folder).then(
    () => true,
    (error: unknown) => (error as NodeJS.ErrnoException).code === 'ENOENT',
  );
}

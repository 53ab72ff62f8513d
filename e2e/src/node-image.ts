import { execFile } from 'node:child_process';
import { copyFile, cp, lstat, mkdir, realpath, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { tempDir, type TestDockerEngine } from '@tunasync/test-utils';

const runFile = promisify(execFile);

/** What an image of Debian with Node has, as far as the Dockerfiles and a sync use it, and what they would install. */
const programs = [
  ...['sh', 'env', 'id', 'cat', 'cp', 'rm', 'mkdir', 'install', 'sleep', 'kill', 'ls', 'readlink'],
  ...['useradd', 'groupadd', 'node', 'rsync', 'tini'],
];

/** Why the image cannot be made of this machine's files; undefined when it can. */
export async function noNodeImage(): Promise<string | undefined> {
  for (const program of [...programs, 'npm']) {
    if ((await whereIs(program)) === undefined) return `no ${program}`;
  }
  return undefined;
}

async function whereIs(program: string): Promise<string | undefined> {
  const { stdout } = await runFile('which', [program]).catch(() => ({ stdout: '' }));
  return stdout.trim() === '' ? undefined : stdout.trim();
}

/** Makes a base image for the Dockerfiles from this machine's own programs and their libraries. @returns its name */
export async function importNodeImage(engine: TestDockerEngine): Promise<string> {
  await using temp = await tempDir('node-image-');
  const at = (path: string): string => join(temp.path, path);
  for (const folder of [
    'usr/bin',
    'usr/sbin',
    'usr/lib',
    'usr/lib64',
    'etc',
    'tmp',
    'var/lib',
    'var/log',
    'srv',
    'root',
  ]) {
    await mkdir(at(folder), { recursive: true });
  }
  for (const name of ['bin', 'sbin', 'lib', 'lib64']) await symlink(`usr/${name}`, at(name));
  for (const program of programs) {
    const file = (await whereIs(program)) ?? '';
    const folder = file.includes('/sbin/') ? 'usr/sbin' : 'usr/bin';
    await copyFile(await realpath(file), at(join(folder, program)));
    for (const library of await librariesOf(file)) {
      const to = at(library);
      await mkdir(dirname(to), { recursive: true });
      if ((await lstat(to).catch(() => undefined)) === undefined) await copyFile(await realpath(library), to);
    }
  }
  // bin/npm-cli.js
  const npm = dirname(dirname(await realpath((await whereIs('npm')) ?? '')));
  await cp(npm, at('usr/lib/node_modules/npm'), { recursive: true });
  await symlink('../lib/node_modules/npm/bin/npm-cli.js', at('usr/bin/npm'));
  await writeFile(at('etc/passwd'), 'root:x:0:0:root:/root:/bin/sh\n');
  await writeFile(at('etc/group'), 'root:x:0:\n');
  const image = 'tunasync-test/node:latest';
  const pipe = 'tar -C "$1" --owner=0 --group=0 -c . | docker import - "$2"';
  await runFile('sh', ['-c', pipe, 'sh', temp.path, image], { env: engine.env });
  return image;
}

async function librariesOf(file: string): Promise<string[]> {
  // a static one has none
  const { stdout } = await runFile('ldd', [file]).catch(() => ({ stdout: '' }));
  return [...stdout.matchAll(/(?:=> |^\s+)(\/\S+)/gm)].flatMap(([, path]) =>
    path === undefined ? [] : [path],
  );
}

import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { access, readdir, readFile } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { tempDir } from '@tunasync/test-utils';

const runFile = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');

interface Manifest {
  name: string;
  version: string;
  private?: boolean;
}

/** A package registry that serves what is installed in the workspace, and the workspace's own packages. */
export interface LocalRegistry extends AsyncDisposable {
  readonly url: string;
  /** Tarballs of the workspace's own packages. */
  readonly tarballs: readonly string[];
}

/** Packs the workspace's packages, which must be built, and serves them and what they depend on to `npm install`. */
export async function startLocalRegistry(): Promise<LocalRegistry> {
  const temp = await tempDir('registry-');
  const own = await packWorkspace(temp.path);
  const versions = await installedPackages();
  const packing = new Map<string, Promise<string>>();
  /** Whoever asks at the same time waits for the same file. */
  const packedFolder = (folder: string): Promise<string> => {
    const file = packing.get(folder) ?? packFolder(folder, temp.path);
    packing.set(folder, file);
    return file;
  };
  const server = createServer((request, response) => {
    void answer(decodeURIComponent(request.url ?? '/'), response).catch(() => response.destroy());
  });
  const answer = async (path: string, response: ServerResponse): Promise<void> => {
    const [, name = '', version] = /^\/((?:@[^/]+\/)?[^/]+)(?:\/-\/(.+)\.tgz)?$/.exec(path) ?? [];
    const sources = own.get(name) ?? versions.get(name);
    if (sources === undefined) {
      response.writeHead(404).end('{}');
    } else if (version === undefined) {
      response.end(JSON.stringify(await packument(name, sources, `http://${request(server)}`)));
    } else {
      const source = sources.get(version) ?? '';
      createReadStream(source.endsWith('.tgz') ? source : await packedFolder(source)).pipe(response);
    }
  };
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://${request(server)}/`,
    tarballs: [...own.values()].flatMap((sources) => [...sources.values()]),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await temp.remove();
    },
  };
}

const request = (server: ReturnType<typeof createServer>): string =>
  `127.0.0.1:${(server.address() as AddressInfo).port}`;

type Sources = Map<string, string>;

async function readManifest(folder: string): Promise<Manifest> {
  return JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as Manifest;
}

/** Name → version → tarball. */
async function packWorkspace(folder: string): Promise<Map<string, Sources>> {
  const packages: Manifest[] = [];
  for (const group of ['apps', 'libs']) {
    for (const entry of await readdir(join(root, group))) {
      const manifest = await readManifest(join(root, group, entry)).catch(() => undefined);
      if (manifest !== undefined && manifest.private !== true) packages.push(manifest);
    }
  }
  const workspaces = packages.flatMap(({ name }) => ['-w', name]);
  await runFile('npm', ['pack', '--ignore-scripts', '--pack-destination', folder, ...workspaces], {
    cwd: root,
  });
  return new Map(
    packages.map(({ name, version }) => {
      const file = join(folder, `${name.replace('@', '').replace('/', '-')}-${version}.tgz`);
      return [name, new Map([[version, file]])];
    }),
  );
}

/** Name → version → folder, of all that the lock file says is installed. */
async function installedPackages(): Promise<Map<string, Sources>> {
  const lock = JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { version?: string; link?: boolean }>;
  };
  const found = new Map<string, Sources>();
  for (const [path, { version, link }] of Object.entries(lock.packages)) {
    const at = path.lastIndexOf('node_modules/');
    if (at < 0 || link === true || version === undefined) continue;
    const folder = join(root, path);
    // optional ones of other platforms are not there
    if (
      !(await access(folder).then(
        () => true,
        () => false,
      ))
    )
      continue;
    const name = path.slice(at + 'node_modules/'.length);
    found.set(name, (found.get(name) ?? new Map<string, string>()).set(version, folder));
  }
  return found;
}

async function packument(name: string, sources: Sources, base: string): Promise<unknown> {
  const versions: Record<string, unknown> = {};
  for (const [version, source] of sources) {
    const manifest = source.endsWith('.tgz') ? await packedManifest(source) : await readManifest(source);
    versions[version] = { ...manifest, dist: { tarball: `${base}/${name}/-/${version}.tgz` } };
  }
  return { name, 'dist-tags': { latest: [...sources.keys()].at(-1) }, versions };
}

async function packedManifest(tarball: string): Promise<Manifest> {
  const { stdout } = await runFile('tar', ['-xzOf', tarball, 'package/package.json']);
  return JSON.parse(stdout) as Manifest;
}

async function packFolder(folder: string, into: string): Promise<string> {
  const file = join(into, `${folder.replaceAll('/', '_')}.tar.gz`);
  await runFile('tar', [
    ...['-czf', file, '-C', dirname(folder), '--exclude=node_modules'],
    ...['--transform', `s,^${basename(folder)},package,`, basename(folder)],
  ]);
  return file;
}

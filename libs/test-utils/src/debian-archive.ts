import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFile, cp, mkdir, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';

const run = promisify(execFile);

/** A package of an archive; a new version has another content. */
export interface DebianPackage {
  name: string;
  version: string;
}

/** What {@link publishDebianArchive} is told. */
export interface DebianArchiveOptions {
  packages: readonly DebianPackage[];
  /** When this state is published, milliseconds since the Unix epoch; the time of the files that it changes. */
  time: number;
}

const suite = 'dists/stable';
const binary = `${suite}/main/binary-all`;

/**
 * Brings a Debian archive in `root` to a state: a pool with binary and source packages (`dpkg-deb`), and the indices that
 * name them with their checksums (`apt-ftparchive`): Packages, Sources, Contents, Translation, pdiffs, by-hash and
 * Release. What the last state had and this one has not is removed, but for the by-hash files, which stay for a while
 * in real archives too. Needs the package apt-utils.
 */
export async function publishDebianArchive(root: string, options: DebianArchiveOptions): Promise<void> {
  const { packages, time } = options;
  const before = new Map(
    await Promise.all(
      (await filesBelow(root)).map(async (file) => [file, await digest(root, file)] as const),
    ),
  );
  const pool = packages.flatMap((item) => poolFiles(item));
  for (const item of packages) if (!before.has(poolFiles(item)[0] ?? '')) await addToPool(root, item);
  for (const file of before.keys()) {
    if (file.startsWith('pool/') && !pool.includes(file)) await rm(join(root, file));
  }
  await writeIndices(root, time);
  await writeReleases(root, time);
  for (const file of await filesBelow(root)) {
    if (before.get(file) !== (await digest(root, file)))
      await utimes(join(root, file), time / 1000, time / 1000);
  }
}

/** The paths of all files below a folder, relative to it, sorted. */
export async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}

async function digest(root: string, file: string): Promise<string> {
  return sha256(await readFile(join(root, file)));
}

function sha256(data: string | Buffer): string {
  return createHash('sha256').update(data).digest('hex');
}

function poolFiles({ name, version }: DebianPackage): string[] {
  const stem = `pool/main/${name.slice(0, 1)}/${name}/${name}_${version}`;
  return [`${stem}_all.deb`, `${stem}.dsc`, `${stem}.tar.gz`];
}

async function put(root: string, file: string, content: string | Buffer): Promise<void> {
  await mkdir(dirname(join(root, file)), { recursive: true });
  await writeFile(join(root, file), content);
}

async function addToPool(root: string, item: DebianPackage): Promise<void> {
  const { name, version } = item;
  const [deb = '', dsc = '', tarball = ''] = poolFiles(item);
  const common = `Maintainer: Somebody <somebody@example.org>\nArchitecture: all\nVersion: ${version}\n`;
  const build = join(root, `.build-${name}`);
  await put(build, 'DEBIAN/control', `Package: ${name}\n${common}Description: the package ${name}\n`);
  await put(build, `usr/share/doc/${name}/copyright`, `${name} ${version}\n`);
  await mkdir(dirname(join(root, deb)), { recursive: true });
  await run('dpkg-deb', ['--root-owner-group', '--build', build, join(root, deb)]);
  await rm(build, { recursive: true });
  const source = gzipSync(`source of ${name} ${version}`);
  await put(root, tarball, source);
  const listed = `${source.length} ${tarball.slice(tarball.lastIndexOf('/') + 1)}\n`;
  const md5 = createHash('md5').update(source).digest('hex');
  await put(
    root,
    dsc,
    `Format: 1.0\nSource: ${name}\nBinary: ${name}\n${common}Checksums-Sha256:\n ${sha256(source)} ${listed}Files:\n ${md5} ${listed}`,
  );
}

/** Runs `apt-ftparchive` on the pool; what it prints. */
async function index(root: string, ...args: string[]): Promise<string> {
  return (await run('apt-ftparchive', args, { cwd: root })).stdout;
}

async function writeIndices(root: string, time: number): Promise<void> {
  const plain: [string, string][] = [
    [`${binary}/Packages`, await index(root, 'packages', 'pool')],
    [`${suite}/main/source/Sources`, await index(root, 'sources', 'pool')],
    [`${suite}/main/Contents-all`, await index(root, 'contents', 'pool')],
    [`${suite}/main/i18n/Translation-en`, `published: ${time}\n`],
    [`${suite}/main/dep11/Components-all.yml`, `published: ${time}\n`],
  ];
  for (const [file, text] of plain) {
    await put(root, file, text);
    await put(root, `${file}.gz`, gzipSync(text));
  }
  // one patch a state; its name sorts by time
  const patch = gzipSync(`patch of ${time}`);
  const name = `T-${time}.gz`;
  await put(root, `${binary}/Packages.diff/${name}`, patch);
  await put(
    root,
    `${binary}/Packages.diff/Index`,
    `SHA256-Download:\n ${sha256(patch)} ${patch.length} ${name}\n`,
  );
  const folders = ['binary-all', 'source', 'i18n'].map((folder) => `${suite}/main/${folder}`);
  for (const folder of folders) {
    for (const file of await readdir(join(root, folder))) {
      if (file === 'by-hash' || file === 'Packages.diff') continue;
      const target = join(root, folder, 'by-hash', 'SHA256', await digest(root, `${folder}/${file}`));
      await mkdir(dirname(target), { recursive: true });
      await copyFile(join(root, folder, file), target);
    }
  }
}

async function writeReleases(root: string, time: number): Promise<void> {
  await put(root, `${binary}/Release`, `Archive: stable\nComponent: main\nArchitecture: all\n`);
  await rm(join(root, suite, 'Release'), { force: true });
  await rm(join(root, suite, 'InRelease'), { force: true });
  const release = `Published: ${time}\n${await index(root, 'release', suite)}`;
  await put(root, `${suite}/Release`, release);
  await put(root, `${suite}/InRelease`, `-----BEGIN PGP SIGNED MESSAGE-----\n\n${release}`);
  await put(root, 'ls-lR.gz', gzipSync((await filesBelow(root)).join('\n')));
}

/** Lets an archive have the state of another one, as an upstream changes between two looks at it. */
export async function replaceDebianArchive(root: string, state: string): Promise<void> {
  for (const entry of await readdir(root)) await rm(join(root, entry), { recursive: true });
  await cp(state, root, { recursive: true, preserveTimestamps: true });
}

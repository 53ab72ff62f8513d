import { createHash } from 'node:crypto';
import { chmod, cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  filesBelow,
  publishDebianArchive,
  replaceDebianArchive,
  startRsyncDaemon,
  tempDir,
  type DebianPackage,
  type RsyncDaemon,
  type TempDir,
} from '@tunasync/test-utils';
import { stage1ProfileNames, twoStageRsyncProvider } from '../src/index.js';
import { fixture, type AttemptResult, type Fixture } from './run-attempt.js';

const debs = (...names: string[]): DebianPackage[] =>
  names.map((name) => ({ name: name.split('_')[0]!, version: name.split('_')[1]! }));

/** States of the upstream: from each to the next, packages are new, changed and gone. */
const states = {
  A: debs('apt_1', 'bash_1', 'coreutils_1'),
  B: debs('apt_2', 'bash_1', 'dash_1'),
  C: debs('apt_2', 'bash_2', 'emacs_1'),
} as const;
type State = keyof typeof states;

let folder: TempDir;
let daemon: RsyncDaemon;
const stateFolder = (state: State): string => join(folder.path, state);
const upstream = (): string => join(folder.path, 'upstream');
const publish = (state: State): Promise<void> => replaceDebianArchive(upstream(), stateFolder(state));

beforeAll(async () => {
  folder = await tempDir();
  let last: State | undefined;
  let time = Date.parse('2026-11-20T00:00:00Z');
  for (const state of ['A', 'B', 'C'] as const) {
    if (last === undefined) await mkdir(stateFolder(state));
    else await cp(stateFolder(last), stateFolder(state), { recursive: true, preserveTimestamps: true });
    await publishDebianArchive(stateFolder(state), { packages: states[state], time });
    last = state;
    time += 21_600_000;
  }
  await mkdir(upstream());
  daemon = await startRsyncDaemon({ modules: { debian: { path: upstream() } } });
}, 30_000);

afterAll(async () => {
  await daemon.stop();
  await folder.remove();
});

/** A tree by path. */
async function contents(root: string): Promise<Map<string, Buffer>> {
  const files = new Map<string, Buffer>();
  for (const file of await filesBelow(root)) files.set(file, await readFile(join(root, file)));
  return files;
}

/** Checksum lines of a field such as `SHA256:` as [hash, size, path]. */
function checksums(text: string, field: string): [string, number, string][] {
  const block = new RegExp(`^${field}:\\n((?: .*\\n?)*)`, 'm').exec(text)?.[1] ?? '';
  return [...block.matchAll(/^ +([0-9a-f]+) +(\d+) +(\S+)$/gm)].map(([, hash, size, path]) => [
    hash!,
    Number(size),
    path!,
  ]);
}

/** What the indices of a mirror say that is not so: one line for each file that is missing or another one. */
async function problems(root: string): Promise<string[]> {
  const files = await contents(root);
  const found: string[] = [];
  const check = (index: string, path: string, hash: string, size: number): void => {
    const content = files.get(path);
    if (content === undefined) found.push(`${index}: ${path} is missing`);
    else if (content.length !== size || createHash('sha256').update(content).digest('hex') !== hash) {
      found.push(`${index}: ${path} is another one`);
    }
  };
  let named = 0;
  for (const [file, content] of files) {
    const name = file.slice(file.lastIndexOf('/') + 1);
    if (file.includes('/by-hash/')) {
      // those of earlier states stay for a while, and may name what is gone
      check(file, file, name, content.length);
      continue;
    }
    const text = (content[0] === 0x1f && content[1] === 0x8b ? gunzipSync(content) : content).toString();
    if (/^(In)?Release$/.test(name)) {
      for (const [hash, size, path] of checksums(text, 'SHA256')) {
        check(file, join(dirname(file), path), hash, size);
        if (/(Packages|Sources|Translation-en)(\.gz)?$/.test(path)) {
          check(file, join(dirname(file), dirname(path), 'by-hash/SHA256', hash), hash, size);
        }
        named++;
      }
    } else if (name === 'Index') {
      for (const [hash, size, path] of checksums(text, 'SHA256-Download'))
        check(file, join(dirname(file), path), hash, size);
    } else if (/^(Packages|Sources)(\.gz)?$/.test(name)) {
      for (const stanza of text.split('\n\n')) {
        const value = (key: string): string => new RegExp(`^${key}: (.*)$`, 'm').exec(stanza)?.[1] ?? '';
        if (value('Filename') !== '') {
          check(file, value('Filename'), value('SHA256'), Number(value('Size')));
          named++;
        }
        for (const [hash, size, path] of checksums(stanza, 'Checksums-Sha256')) {
          check(file, join(value('Directory'), path), hash, size);
          named++;
        }
      }
    }
  }
  // a tree without indices has no problems: that would be one
  if (named < 20) found.push(`the indices name only ${named} files`);
  return found;
}

/** The packages that the mirror offers, as its indices name them. */
async function offered(root: string): Promise<string[]> {
  const text = await readFile(join(root, 'dists/stable/main/binary-all/Packages'), 'utf8');
  return [...text.matchAll(/^Filename: .*\/(.*)_all\.deb$/gm)].map(([, name]) => name!).sort();
}

const namesOf = (state: State): string[] =>
  states[state].map(({ name, version }) => `${name}_${version}`).sort();

/** Old Contents are replaced in the first stage of the old style already, as with Debian's own ftpsync of that time. */
const knownProblems: Readonly<Record<string, RegExp>> = {
  debian: /^$/,
  'debian-oldstyle': /^dists\/stable\/(In)?Release: dists\/stable\/main\/Contents-all(\.gz)? is another one$/,
};

interface Site extends AsyncDisposable {
  root: string;
  /** One run; `stage2` is a shell command in place of the second stage, which finds the true one in `"$@"`. */
  sync: (stage2?: string) => Promise<AttemptResult>;
  /** What is wrong with the mirror, but for what its profile is known for. */
  unexpected: () => Promise<string[]>;
}

/** A mirror of a profile that has state A. */
async function site(stage1Profile: string): Promise<Site> {
  const mirror: Fixture = await fixture();
  const root = mirror.workingDir;
  const command = join(mirror.folder.path, 'rsync-with-trouble');
  const sync = async (stage2 = 'exec rsync "$@"'): Promise<AttemptResult> => {
    await writeFile(command, `#!/bin/sh\ncase "$*" in *--delete*) ${stage2};; *) exec rsync "$@";; esac\n`);
    await chmod(command, 0o755);
    return mirror.run(twoStageRsyncProvider, { upstream: daemon.url('debian'), stage1Profile, command });
  };
  await publish('A');
  expect((await sync()).outcome).toMatchObject({ ok: true });
  return {
    root,
    sync,
    unexpected: async () =>
      (await problems(root)).filter((problem) => !knownProblems[stage1Profile]!.test(problem)),
    [Symbol.asyncDispose]: () => mirror[Symbol.asyncDispose](),
  };
}

test('the check finds an index that names what is not there, and one with another checksum', async () => {
  expect(await problems(stateFolder('B'))).toEqual([]);
  await using broken = await tempDir();
  await cp(stateFolder('B'), broken.path, { recursive: true });
  await cp(join(stateFolder('A'), 'dists'), join(broken.path, 'dists'), { recursive: true });
  await writeFile(join(broken.path, 'pool/main/b/bash/bash_1_all.deb'), 'something else');
  const found = await problems(broken.path);
  const index = 'dists/stable/main/binary-all/Packages';
  expect(found).toContain(`${index}: pool/main/a/apt/apt_1_all.deb is missing`);
  expect(found).toContain(`${index}: pool/main/b/bash/bash_1_all.deb is another one`);
  expect(found).toContain('dists/stable/main/source/Sources: pool/main/a/apt/apt_1.dsc is missing');
});

describe.each(stage1ProfileNames)('a Debian archive with the profile %s', (profile) => {
  test('a complete run makes the mirror the same as the upstream', async () => {
    await using mirror = await site(profile);
    expect(await contents(mirror.root)).toEqual(await contents(stateFolder('A')));
    await publish('B');
    expect((await mirror.sync()).outcome).toMatchObject({ ok: true });
    expect(await contents(mirror.root)).toEqual(await contents(stateFolder('B')));
    expect(await problems(mirror.root)).toEqual([]);
  });

  test('after the first stage alone, the old indices are true, and all that the new ones name is there', async () => {
    await using mirror = await site(profile);
    await publish('B');
    const { outcome, exits } = await mirror.sync('exit 30');
    expect([outcome.ok, exits.length]).toEqual([false, 2]);
    // users still see the old state, and get each file of it
    expect(await offered(mirror.root)).toEqual(namesOf('A'));
    expect(await mirror.unexpected()).toEqual([]);
    const have = new Set(await filesBelow(mirror.root));
    const wanted = await filesBelow(stateFolder('B'));
    expect(wanted.filter((file) => file.startsWith('pool/') && !have.has(file))).toEqual([]);
  });

  test('a run that is killed between the stages leaves a true mirror, which the next one completes', async () => {
    await using mirror = await site(profile);
    await publish('B');
    const { outcome } = await mirror.sync('kill -KILL $$');
    expect(outcome).toMatchObject({ ok: false, message: 'signal: killed' });
    expect(await offered(mirror.root)).toEqual(namesOf('A'));
    expect(await mirror.unexpected()).toEqual([]);
    await publish('C');
    expect((await mirror.sync()).outcome).toMatchObject({ ok: true });
    expect(await contents(mirror.root)).toEqual(await contents(stateFolder('C')));
  });

  test('so does one that is killed while the second stage brings the indices', async () => {
    await using mirror = await site(profile);
    await publish('B');
    // slow enough to be met when some of the new indices are here, and not yet in their place
    const killed =
      'rsync --bwlimit=4 "$@" & p=$!; until find . -name .~tmp~ | grep -q . || ! kill -0 $p; do sleep 0.01; done; kill -KILL $p; exit 99';
    const { outcome, log } = await mirror.sync(killed);
    expect(outcome).toMatchObject({ ok: false, message: 'exit status 99' });
    expect(log).not.toContain('deleting');
    expect((await filesBelow(mirror.root)).filter((file) => file.includes('.~tmp~')).length).toBeGreaterThan(
      0,
    );
    expect(await offered(mirror.root)).toEqual(namesOf('A'));
    expect(await mirror.unexpected()).toEqual([]);
    expect((await mirror.sync()).outcome).toMatchObject({ ok: true });
    expect(await contents(mirror.root)).toEqual(await contents(stateFolder('B')));
  }, 20_000);

  test('an upstream that changes between the stages is taken as it is in the second', async () => {
    await using mirror = await site(profile);
    await publish('B');
    const change = `find ${upstream()} -mindepth 1 -delete; cp -a ${stateFolder('C')}/. ${upstream()}; exec rsync "$@"`;
    const { outcome, log } = await mirror.sync(change);
    expect(outcome).toMatchObject({ ok: true });
    expect(log).toContain('pool/main/d/dash/dash_1_all.deb');
    expect(await contents(mirror.root)).toEqual(await contents(stateFolder('C')));
    expect(await problems(mirror.root)).toEqual([]);
  });
});

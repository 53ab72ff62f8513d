import { readFile, realpath, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Clock, FileSystemFacts } from '@tunasync/protocol';
import { within } from './within.js';

/** Milliseconds after which a file system that does not answer is left out: a network share that hangs, say. */
const answerMs = 3000;

/** Tells how much room there is where mirrors are kept. */
export class FileSystems {
  readonly #clock: Clock;
  /** Where folders really are; mirrors seldom move. */
  readonly #places = new Map<string, string>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The file systems of these folders, by the path where each is mounted. One that does not answer is left out. */
  async of(folders: Iterable<string>): Promise<FileSystemFacts[]> {
    const mounts = await mountPoints();
    const used = new Set<string>();
    for (const folder of folders) {
      const place = await this.#placeOf(folder);
      if (place !== undefined) used.add(mounts.find((mount) => isBelow(place, mount)) ?? '/');
    }
    const facts = await Promise.all([...used].sort().map((path) => this.#factsOf(path)));
    return facts.filter((one) => one !== undefined);
  }

  async #placeOf(folder: string): Promise<string | undefined> {
    const known = this.#places.get(folder);
    if (known !== undefined) return known;
    const found = await within(this.#clock, answerMs, nearest(folder)).catch(() => undefined);
    if (found !== undefined) this.#places.set(folder, found);
    return found;
  }

  async #factsOf(path: string): Promise<FileSystemFacts | undefined> {
    const stats = await within(this.#clock, answerMs, statfs(path)).catch(() => undefined);
    if (stats === undefined) return undefined;
    const { bsize, blocks, bavail } = stats;
    return { path, total: bsize * blocks, free: bsize * bavail };
  }
}

/** The real path of a folder, or of the nearest one above it that exists. */
async function nearest(folder: string): Promise<string> {
  for (let path = folder; ; path = dirname(path)) {
    try {
      return await realpath(path);
    } catch {
      if (dirname(path) === path) return path;
    }
  }
}

/** Longest first, so that the first one that a path is below holds it. Source: proc(5), mountinfo. */
async function mountPoints(): Promise<string[]> {
  const text = await readFile('/proc/self/mountinfo', 'utf8').catch(() => '');
  return text
    .split('\n')
    .map((line) => line.split(' ')[4] ?? '')
    .filter((path) => path !== '')
    .map((path) =>
      path.replaceAll(/\\([0-7]{3})/g, (_, code: string) => String.fromCharCode(parseInt(code, 8))),
    )
    .sort((a, b) => b.length - a.length);
}

function isBelow(path: string, mount: string): boolean {
  return path === mount || path.startsWith(mount === '/' ? '/' : `${mount}/`);
}

import { readFile, realpath, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Clock, FileSystemFacts } from '@tunasync/protocol';
import { undoOctalEscapes, withTimeout } from '@tunasync/util';

/** Milliseconds after which a file system that does not answer is left out: a network share that hangs, say. */
const answerMs = 3000;

/**
 * Questions that may be left without an answer: each keeps one of the four threads that all file work of the process
 * shares. Source: Node's UV_THREADPOOL_SIZE.
 */
const unansweredAtMost = 2;

/** What is asked of the system. */
export interface FileSystemProbe {
  /** A path without links; rejects when there is none. */
  realpath(path: string): Promise<string>;
  statfs(path: string): Promise<{ bsize: number; blocks: number; bavail: number }>;
  /** The text of `/proc/self/mountinfo`. */
  mountInfo(): Promise<string>;
}

const system: FileSystemProbe = {
  realpath,
  statfs,
  mountInfo: () => readFile('/proc/self/mountinfo', 'utf8'),
};

/** Tells how much room there is where mirrors are kept. */
export class FileSystems {
  readonly #clock: Clock;
  readonly #probe: FileSystemProbe;
  /** Where folders really are; mirrors seldom move. */
  readonly #places = new Map<string, string>();
  /** Paths of which nothing was heard: they are not asked about again until then. */
  readonly #unanswered = new Set<string>();
  #look: Promise<FileSystemFacts[]> | undefined;

  /** @param probe - defaults to the machine's */
  constructor(clock: Clock, probe = system) {
    this.#clock = clock;
    this.#probe = probe;
  }

  /**
   * The file systems of these folders, by the path where each is mounted. One that does not answer is left out. Who
   * asks while somebody else does gets the same answer.
   */
  of(folders: Iterable<string>): Promise<FileSystemFacts[]> {
    this.#look ??= this.#lookAt(folders).finally(() => {
      this.#look = undefined;
    });
    return this.#look;
  }

  async #lookAt(folders: Iterable<string>): Promise<FileSystemFacts[]> {
    const mounts = mountPoints(await this.#probe.mountInfo().catch(() => ''));
    const used = new Set<string>();
    for (const folder of folders) {
      const place = await this.#placeOf(folder);
      if (place !== undefined) used.add(mounts.find((mount) => isBelow(place, mount)) ?? '/');
    }
    const facts: FileSystemFacts[] = [];
    for (const path of [...used].sort()) {
      const stats = await this.#ask(path, () => this.#probe.statfs(path));
      if (stats === undefined) continue;
      const { bsize, blocks, bavail } = stats;
      facts.push({ path, total: bsize * blocks, free: bsize * bavail });
    }
    return facts;
  }

  async #placeOf(folder: string): Promise<string | undefined> {
    const known = this.#places.get(folder);
    if (known !== undefined) return known;
    // folders that lie in the same one hang together, most likely
    const found = await this.#ask(dirname(folder), () => this.#nearest(folder));
    if (found !== undefined) this.#places.set(folder, found);
    return found;
  }

  /** The real path of a folder, or of the nearest one above it that exists. */
  async #nearest(folder: string): Promise<string> {
    for (let path = folder; ; path = dirname(path)) {
      try {
        return await this.#probe.realpath(path);
      } catch {
        if (dirname(path) === path) return path;
      }
    }
  }

  /** The answer to a question about a path; undefined when none comes in time, or is to be expected. */
  async #ask<T>(path: string, question: () => Promise<T>): Promise<T | undefined> {
    const unanswered = this.#unanswered;
    if (unanswered.has(path) || unanswered.size >= unansweredAtMost) return undefined;
    unanswered.add(path);
    const answer = question().finally(() => unanswered.delete(path));
    return withTimeout(this.#clock, answerMs, answer).catch(() => undefined);
  }
}

/** Longest first, so that the first one that a path is below holds it. Source: proc(5), mountinfo. */
function mountPoints(mountInfo: string): string[] {
  return mountInfo
    .split('\n')
    .map((line) => line.split(' ')[4] ?? '')
    .filter((path) => path !== '')
    .map(undoOctalEscapes)
    .sort((a, b) => b.length - a.length);
}

function isBelow(path: string, mount: string): boolean {
  return path === mount || path.startsWith(mount === '/' ? '/' : `${mount}/`);
}

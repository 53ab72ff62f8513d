import { readFile } from 'node:fs/promises';

/** One run of a child, as it wrote it down itself. */
export interface ChildRun {
  mirror: string;
  /** Log file that its worker gave it. */
  logFile: string;
  /** Place of its lines in the file; 0 for an end that is not there. */
  start: number;
  end: number;
}

/** What children wrote: `start|end <mirror> <pid> <log file>`, one line at a time, in the order of what happened. */
export async function readChildRuns(file: string): Promise<ChildRun[]> {
  const text = await readFile(file, 'utf8').catch(() => '');
  const runs = new Map<string, ChildRun>();
  text.split('\n').forEach((line, index) => {
    const [what, mirror = '', pid = '', logFile = ''] = line.split(' ');
    const key = `${mirror} ${pid} ${logFile}`;
    if (what === 'start') runs.set(key, { mirror, logFile, start: index + 1, end: 0 });
    const run = runs.get(key);
    if (what === 'end' && run !== undefined) run.end = index + 1;
  });
  return [...runs.values()];
}

/** Runs of the same mirror that were under way at the same time. */
export function overlaps(runs: readonly ChildRun[]): [ChildRun, ChildRun][] {
  const last = new Map<string, ChildRun>();
  const found: [ChildRun, ChildRun][] = [];
  for (const run of runs.toSorted((a, b) => a.start - b.start)) {
    const before = last.get(run.mirror);
    if (before !== undefined && (before.end === 0 || before.end > run.start)) found.push([before, run]);
    last.set(run.mirror, run);
  }
  return found;
}

/** Numbers from 0 up to 1 that depend on the seed only (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

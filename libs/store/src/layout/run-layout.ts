import { isZeroTime, runRecordSchema, toUnixMillis, type RunRecord } from '@tunasync/protocol';
import { z } from 'zod';
import type { MirrorKey, RunKey, StopRecord } from '../store/interfaces.js';

/**
 * The layout of records that the original does not keep. Its LevelDB back end reads every key that begins with one
 * of its two bucket names, so these begin differently; it ignores them.
 */
export const runBucket = 'history/';
/** The bucket of stops. */
export const stopBucket = 'stops/';

/** Digits of the milliseconds in a key: enough until the year 5138. */
const timeDigits = 14;
const latest = 10 ** timeDigits - 1;

/** The name of a run, and its place among those of its mirror. */
export function runKeyOf({ worker, name, ended, id }: RunRecord): RunKey {
  const millis = isZeroTime(ended) ? 0 : toUnixMillis(ended);
  return { worker, name, ended: Math.min(Math.max(millis, 0), latest), id };
}

/** Text without `/`, as one part of a key; other characters that separate parts somewhere are gone, too. */
function part(text: string): string {
  // a lone surrogate cannot be encoded
  return encodeURIComponent(text.replace(/\p{Surrogate}/gu, '\ufffd'));
}

/** The part of a key that stands for a worker: everything that belongs to it begins so. */
export function workerPrefix(worker: string): string {
  return `${part(worker)}/`;
}

/** The part of a key that stands for a mirror at a worker. */
export function mirrorPart({ worker, name }: MirrorKey): string {
  return `${workerPrefix(worker)}${part(name)}`;
}

/** The mirror that {@link mirrorPart} stands for; undefined for other text. */
export function parseMirrorPart(text: string): MirrorKey | undefined {
  const [worker, name, ...rest] = text.split('/').map(unpart);
  return worker === undefined || name === undefined || rest.length > 0 ? undefined : { worker, name };
}

/** The part of a key that names a run among those of its mirror: in the order of their ends. */
export function runPart({ ended, id }: RunKey): string {
  return `${String(ended).padStart(timeDigits, '0')}/${part(id)}`;
}

/** The run that {@link runPart} stands for; undefined for other text. */
export function parseRunPart(mirror: MirrorKey, text: string): RunKey | undefined {
  const slash = text.indexOf('/');
  const time = text.slice(0, slash);
  const id = unpart(text.slice(slash + 1));
  if (slash !== timeDigits || !/^\d+$/.test(time) || id === undefined) return undefined;
  const { worker, name } = mirror;
  return { worker, name, ended: Number(time), id };
}

function unpart(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/** The run that was stored under a mirror's key; undefined when nothing can be made of it. */
export function decodeRun({ worker, name }: MirrorKey, json: string): RunRecord | undefined {
  const run = decode(runRecordSchema, json);
  return run && { ...run, worker, name };
}

const stopSchema = z.object({
  at: z.number().optional(),
  skew: z.number().optional(),
  reported: z.number().optional(),
});

/** The stop that was stored under a mirror's key; undefined when nothing can be made of it. */
export function decodeStop({ worker, name }: MirrorKey, json: string): StopRecord | undefined {
  const stop = decode(stopSchema, json);
  return stop && { worker, name, ...stop };
}

/** A stop as it is stored; its key holds the mirror. */
export function encodeStop({ at, skew, reported }: StopRecord): string {
  return JSON.stringify({ at, skew, reported });
}

function decode<T extends z.ZodType>(schema: T, json: string): z.output<T> | undefined {
  try {
    return schema.safeParse(JSON.parse(json)).data;
  } catch {
    return undefined;
  }
}

/** Runs of a mirror are compared by these, which order them by their ends. */
export function newestFirst(one: RunKey, other: RunKey): number {
  const [a, b] = [runPart(one), runPart(other)];
  return a < b ? 1 : a > b ? -1 : 0;
}

import type { CmdVerb, MirrorStatus, SyncStatus } from '@tunasync/protocol';
import { CtlError } from '../errors/errors.js';
import { printable } from '../text/printable.js';
import { isGlob, matcherOf } from './name-glob.js';
import { unknownMirror } from './unknown-mirror.js';

/** The action on mirrors: a command of the protocol, or `enable`, which sends `start`. */
export type Verb = Exclude<CmdVerb, 'reload'> | 'enable';

/** A mirror at a worker that receives a command. */
export interface Target {
  mirror: string;
  worker: string;
}

/** The matching mirrors, and the mirrors that a glob skips because of their state. */
export interface Targets {
  chosen: Target[];
  leftOut: (Target & { status: SyncStatus })[];
}

/**
 * Finds the mirrors that names and globs match, at all workers that have them, each once and in the given order.
 *
 * A glob skips disabled mirrors, except for `ping`. A glob for `enable` matches only disabled and paused mirrors.
 * A name matches the mirror in any state.
 *
 * @param known - the mirrors of all workers, or of the given worker
 * @param worker - that worker, for messages
 * @throws CtlError `CTL_UNKNOWN_MIRROR` for the first name or glob without a match
 */
export function findTargets(
  verb: Verb,
  patterns: readonly string[],
  known: readonly MirrorStatus[],
  worker?: string,
): Targets {
  const chosen = new Map<string, Target>();
  const leftOut = new Map<string, Targets['leftOut'][number]>();
  for (const pattern of patterns) {
    const named = known.filter(({ name }) => name === pattern);
    const found = named.length > 0 || !isGlob(pattern) ? named : matching(pattern, known);
    if (found.length === 0) throw noneFor(pattern, known, worker);
    for (const job of found) {
      const target = { mirror: job.name, worker: job.worker };
      const key = JSON.stringify([job.worker, job.name]);
      if (found === named || isMeant(verb, job.status)) chosen.set(key, target);
      else leftOut.set(key, { ...target, status: job.status });
    }
  }
  const isChosen = (key: string): boolean => chosen.has(key);
  return {
    chosen: [...chosen.values()],
    leftOut: [...leftOut].flatMap(([key, target]) => (isChosen(key) ? [] : [target])),
  };
}

function matching(pattern: string, known: readonly MirrorStatus[]): MirrorStatus[] {
  const matches = matcherOf(pattern);
  return known.filter(({ name }) => matches(name));
}

function isMeant(verb: Verb, status: SyncStatus): boolean {
  if (verb === 'ping') return true;
  return verb === 'enable' ? status === 'disabled' || status === 'paused' : status !== 'disabled';
}

function noneFor(pattern: string, known: readonly MirrorStatus[], worker: string | undefined): CtlError {
  if (!isGlob(pattern)) {
    return unknownMirror(
      pattern,
      known.map(({ name }) => name),
      worker,
    );
  }
  const where = worker === undefined ? '' : ` on ${worker}`;
  return new CtlError('CTL_UNKNOWN_MIRROR', printable(`no mirror${where} matches \`${pattern}\``));
}

import type { CmdVerb, MirrorStatus, SyncStatus } from '@tunasync/protocol';
import { CtlError } from '../errors/errors.js';
import { printable } from '../text/printable.js';
import { isGlob, matcherOf } from './name-glob.js';
import { unknownMirror } from './unknown-mirror.js';

/** What is done with mirrors: a command of the protocol, or `enable`, which sends `start`. */
export type Verb = Exclude<CmdVerb, 'reload'> | 'enable';

/** A mirror at a worker, to which a command goes. */
export interface Target {
  mirror: string;
  worker: string;
}

/** The mirrors that are meant, and those that a glob leaves out because of their state. */
export interface Targets {
  chosen: Target[];
  leftOut: (Target & { status: SyncStatus })[];
}

/**
 * Finds the mirrors that names and globs mean, at all workers that have them, each once and in the order given.
 *
 * A glob leaves out mirrors that were disabled on purpose, unless it is for `ping`; one for `enable` means nothing
 * but disabled and paused ones. A name means the mirror whatever its state.
 *
 * @param known - the mirrors of all workers, or of the only one in question
 * @param worker - that one, for messages
 * @throws CtlError `CTL_UNKNOWN_MIRROR` for the first that means none
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

import type { ManagerClient } from '@tunasync/client';
import type { ClientCmd } from '@tunasync/protocol';
import type { CtlContext } from '../context/context.js';
import { CtlError } from '../errors/errors.js';
import { failure, isRefusal } from '../errors/failure.js';
import { knownMirrors } from '../mirror/known-mirrors.js';
import { isGlob } from '../mirror/name-glob.js';
import type { Verb } from '../mirror/targets.js';
import { sendCommand } from './send-command.js';
import { sendToAll } from './send-to-all.js';

/** The request of the command line. */
export interface NamedCommand {
  verb: Verb;
  /** Names and globs, at least one. */
  patterns: readonly string[];
  /** The worker; empty: all workers that have the mirrors. */
  worker: string;
  options: Record<string, boolean>;
}

/**
 * Sends a command to the mirrors that names and globs match.
 *
 * A single name is sent and confirmed as in v0.10, without asking the manager for its mirrors: a worker may have a
 * mirror that the manager does not know yet.
 */
export async function sendByName(context: CtlContext, named: NamedCommand): Promise<void> {
  const { verb, patterns, worker, options } = named;
  const [name = '', ...others] = patterns;
  const [second] = others;
  const single = !isGlob(name) && others.length <= 1 && (second === undefined || !isGlob(second));
  const args = single && second !== undefined ? await argsOf(context, second, worker) : undefined;
  if (!single || (second !== undefined && args === undefined)) {
    await sendToMany(context, named, null);
    return;
  }
  const one = { ...named, patterns: [name] };
  const command = { cmd: cmdOf(verb), args: args ?? null, options };
  if (!context.json() && verb !== 'enable') {
    await sendToOne(context, one, command.args);
    return;
  }
  if (worker === '') {
    await sendToMany(context, one, command.args);
    return;
  }
  await sendToAll(context, command, [{ mirror: name, worker }]);
}

/**
 * Returns the second argument as in v0.10: texts for the worker, separated by commas. Returns undefined when it is
 * the name of a mirror: workers never use those texts, so two names mean two mirrors.
 */
async function argsOf(context: CtlContext, text: string, worker: string): Promise<string[] | undefined> {
  const args = text.split(',');
  if (args.length > 1) return args;
  const manager = await context.manager();
  const names = await namesOf(manager, worker);
  if (names === undefined) return args;
  if (names.includes(text)) return undefined;
  const { nearest, unknownMirror } = await import('../mirror/unknown-mirror.js');
  // a mistyped name must not be taken for an argument
  if (nearest(text, names) !== undefined)
    throw unknownMirror(text, names, worker === '' ? undefined : worker);
  return args;
}

/** Returns the names of mirrors for hints; undefined when the manager does not answer. */
async function namesOf(manager: ManagerClient, worker: string): Promise<string[] | undefined> {
  try {
    return (await knownMirrors(manager, worker)).map(({ name }) => name);
  } catch {
    // the answer to the command itself reports the failure
    return undefined;
  }
}

type Args = ClientCmd['args'];

async function sendToOne(context: CtlContext, named: NamedCommand, args: Args): Promise<void> {
  const { verb, patterns, worker, options } = named;
  const [mirror = ''] = patterns;
  try {
    await sendCommand(context, { cmd: cmdOf(verb), mirror_id: mirror, worker_id: worker, args, options });
  } catch (error) {
    const refusal = error instanceof CtlError && isRefusal(error.cause) ? error.cause : undefined;
    // a manager of v0.10 refuses every command without a worker, in other words
    if (worker === '' && refusal?.body.includes('give worker_id') === true) {
      await sendToMany(context, named, args);
      return;
    }
    if (worker === '' || refusal?.body.includes('not found') !== true) throw error;
    throw await withHint(context, mirror, worker, error);
  }
}

/** Adds the name of a similar mirror to an error. */
async function withHint(
  context: CtlContext,
  mirror: string,
  worker: string,
  error: unknown,
): Promise<unknown> {
  const names = await namesOf(await context.manager(), worker);
  if (names === undefined || names.includes(mirror) || !(error instanceof CtlError)) return error;
  const { nearest, unknownMirror } = await import('../mirror/unknown-mirror.js');
  // the worker's own words suffice
  if (nearest(mirror, names) === undefined) return error;
  const { message } = unknownMirror(mirror, names, worker);
  return new CtlError(error.code, `${error.message}; ${message}`, error.cause);
}

async function sendToMany(
  context: CtlContext,
  { verb, patterns, worker, options }: NamedCommand,
  args: Args,
): Promise<void> {
  const manager = await context.manager();
  let known;
  try {
    known = await knownMirrors(manager, worker);
  } catch (error) {
    throw failure('Failed to get the matching mirrors', error);
  }
  const { findTargets } = await import('../mirror/targets.js');
  const { chosen, leftOut } = findTargets(verb, patterns, known, worker === '' ? undefined : worker);
  if (!context.json()) {
    for (const { mirror, worker: at, status } of leftOut) {
      context.print(`${mirror} on ${at}: skipped, it is ${status}`);
    }
  }
  await sendToAll(context, { cmd: cmdOf(verb), args, options }, chosen);
}

function cmdOf(verb: Verb): ClientCmd['cmd'] {
  return verb === 'enable' ? 'start' : verb;
}

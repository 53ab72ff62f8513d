import type { ManagerClient } from '@tunasync/client';
import { messageOf, type ClientCmd } from '@tunasync/protocol';
import type { CtlContext } from '../context/context.js';
import { CtlError } from '../errors/errors.js';
import { failure, isRefusal } from '../errors/failure.js';
import type { Target } from '../mirror/targets.js';
import { printable } from '../text/printable.js';

/** The result of a command; a record of `--json`. */
interface Outcome extends Target {
  cmd: ClientCmd['cmd'];
  ok: boolean;
  /** The unchanged answer. */
  message: string;
}

/** Maximum number of concurrent commands: a stop may take a worker seconds. */
const atOnce = 8;

/**
 * Sends a command for several mirrors through the manager, and prints each answer in the order of the targets.
 *
 * @param command - without the mirror and its worker
 * @throws CtlError `CTL_FAILED` after all answers are printed, when a command was refused
 */
export async function sendToAll(
  context: CtlContext,
  command: Pick<ClientCmd, 'cmd' | 'args' | 'options'>,
  targets: readonly Target[],
): Promise<void> {
  const manager = await context.manager();
  const errors: unknown[] = [];
  const outcomes: Outcome[] = [];
  const waiting: Promise<Outcome>[] = [];
  const send = async (target: Target): Promise<Outcome> => {
    const { cmd } = command;
    try {
      return { ...target, cmd, ok: true, message: await pass(manager, command, target) };
    } catch (error) {
      errors.push(error);
      return { ...target, cmd, ok: false, message: answerOf(error) };
    }
  };
  const take = async (): Promise<void> => {
    const outcome = await waiting.shift();
    if (outcome === undefined) return;
    outcomes.push(outcome);
    if (!context.json()) context.print(lineOf(outcome));
  };
  for (const target of targets) {
    if (waiting.length >= atOnce) await take();
    waiting.push(send(target));
  }
  while (waiting.length > 0) await take();
  if (context.json()) context.printJson(outcomes);
  if (errors.length === 0) return;
  if (targets.length === 1) throw failure('Failed to correctly send command', errors[0]);
  throw new CtlError('CTL_FAILED', `${errors.length} of ${targets.length} commands failed`, errors[0]);
}

function pass(
  manager: ManagerClient,
  { cmd, args, options }: Pick<ClientCmd, 'cmd' | 'args' | 'options'>,
  { mirror, worker }: Target,
): Promise<string> {
  return manager.sendCommand({ cmd, mirror_id: mirror, worker_id: worker, args, options });
}

function lineOf({ mirror, worker, cmd, ok, message }: Outcome): string {
  return printable(`${mirror} on ${worker}: ${cmd} ${ok ? 'sent' : 'failed'}: ${message}`);
}

function answerOf(error: unknown): string {
  return isRefusal(error) ? (error.serverMessage ?? messageOf(error)) : messageOf(error);
}

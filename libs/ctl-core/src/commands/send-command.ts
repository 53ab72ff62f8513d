import type { ClientCmd } from '@tunasync/protocol';
import type { CtlContext } from '../context/context.js';
import { failure } from '../errors/failure.js';

/** Sends a command to a worker through the manager, and confirms it. */
export async function sendCommand(context: CtlContext, cmd: ClientCmd): Promise<void> {
  const manager = await context.manager();
  try {
    context.note(await manager.sendCommand(cmd));
  } catch (error) {
    throw failure('Failed to correctly send command', error);
  }
  context.confirm('Successfully send the command');
}

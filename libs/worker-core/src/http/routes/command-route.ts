import { readBody, sendJson, type MountedRoute } from '@tunasync/http';
import type { Logger } from '@tunasync/logger';
import { messageOf, workerRoutes } from '@tunasync/protocol';
import type { CommandTarget } from '../../interfaces/commands.js';
import { parseCommand } from './parse-command.js';

/** Largest body of a command, in bytes. */
const largestBody = 1024 * 1024;

/** The form of every answer of a worker's contract with managers. */
export function messageText(message: string): string {
  return JSON.stringify({ msg: message });
}

/** The route that takes commands from managers and hands them to `target`. */
export function commandRoute(target: CommandTarget, logger: Pick<Logger, 'error'>): MountedRoute {
  const { method, path, reply, summary } = workerRoutes.command;
  const answer = async (body: string): Promise<{ status: number; message: string }> => {
    const parsed = parseCommand(body);
    if (!('command' in parsed)) return parsed;
    try {
      return await target.command(parsed.command);
    } catch (error) {
      logger.error(`a command could not be carried out: ${messageOf(error)}`);
      return { status: 500, message: 'internal error' };
    }
  };
  return {
    // without the schema of the body: the contract has its own answer for each mistake
    route: { method, path, reply, summary },
    handle: () => ({
      respond: async (request, response) => {
        const { status, message } = await answer(await readBody(request, largestBody));
        sendJson(response, status, messageText(message));
      },
    }),
  };
}

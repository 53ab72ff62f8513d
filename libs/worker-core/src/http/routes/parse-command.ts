import { cmdVerbSchema, nameProblem, workerCmdSchema } from '@tunasync/protocol';
import { z } from 'zod';
import type { WorkerCommand } from '../../interfaces/commands.js';

/** A command before its verb is checked. */
const anyCommandSchema = workerCmdSchema.extend({
  cmd: z
    .string()
    .nullish()
    .transform((value) => value ?? ''),
});

/** Parses the body of a command, or returns the answer for an invalid one. */
export function parseCommand(
  body: string,
): { command: WorkerCommand } | { status: 400 | 404 | 406; message: string } {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    return { status: 400, message: 'Invalid request' };
  }
  const parsed = anyCommandSchema.safeParse(json);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const field = issue?.path.join('.') || 'body';
    return { status: 400, message: `Invalid request: ${field}: ${issue?.message ?? 'not understood'}` };
  }
  const { cmd, mirror_id: mirror, options } = parsed.data;
  const verb = cmdVerbSchema.safeParse(cmd);
  if (!verb.success) {
    return {
      status: 406,
      message: `Unknown command '${cmd.slice(0, 50)}': expected one of ${cmdVerbSchema.options.join(', ')}`,
    };
  }
  if (verb.data === 'reload') return { command: { verb: 'reload', mirror: '' } };
  if (mirror === '') return { status: 406, message: `The command ${verb.data} needs a mirror_id` };
  if (nameProblem(mirror) !== undefined) {
    return { status: 404, message: `Mirror \`\`${mirror.slice(0, 200)}'' not found` };
  }
  const force = verb.data === 'start' && options?.['force'] === true;
  return { command: { verb: verb.data, mirror, ...(force ? { force } : {}) } };
}

import { ExecutorError } from './executor-error.js';
import type { CommandSpec } from './interfaces.js';

/** Names that every POSIX shell hands on to its children. */
const posixName = /^[A-Za-z_][A-Za-z0-9_]*$/;

/**
 * Refuses what no process can be given, before Node does so in a message that shows the value.
 *
 * @throws {@link ExecutorError} `EXECUTOR_START_FAILED`
 */
export function checkCommand(spec: CommandSpec, id: string): void {
  if (id === '' || id === '.' || id === '..' || /[/\0]/.test(id)) {
    throw new ExecutorError(`cannot start a command as '${id}': that is not a file name`);
  }
  const [program] = spec.argv;
  if (program === '') throw new ExecutorError('cannot start a command with an empty name');
  if (program.startsWith('-')) {
    throw new ExecutorError(`cannot start '${program}': the name of a program should not begin with '-'`);
  }
  spec.argv.forEach((argument, index) => {
    if (argument.includes('\0')) {
      throw new ExecutorError(
        index === 0
          ? 'cannot start a command with a NUL character in its name'
          : `cannot start ${program}: argument ${index} holds a NUL character`,
      );
    }
  });
  for (const [name, value] of Object.entries(spec.env)) {
    if (name === '' || /[=\0]/.test(name)) {
      throw new ExecutorError(
        `cannot start ${program}: '${name}' is not the name of an environment variable`,
      );
    }
    if (value.includes('\0')) {
      throw new ExecutorError(
        `cannot start ${program}: the environment variable ${name} holds a NUL character`,
      );
    }
  }
}

/** Names of variables that some shells keep from the command. */
export function unportableNames(env: CommandSpec['env']): string[] {
  return Object.keys(env).filter((name) => !posixName.test(name));
}

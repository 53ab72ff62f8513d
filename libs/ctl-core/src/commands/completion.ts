import { Argument, type Command } from 'commander';
import { shells, type Shell } from '../completion/shells.js';
import type { CtlContext } from '../context/context.js';

/** `completion`: prints a script for a shell, which calls `complete` at every press of Tab. */
export function addCompletion(program: Command, context: CtlContext): void {
  program
    .command('completion')
    .description('print a script that makes a shell complete commands, flags and names')
    .addArgument(new Argument('<shell>', 'the shell').choices(shells))
    .action(async (shell: Shell) => {
      const { completionScripts } = await import('../completion/scripts.js');
      context.print(completionScripts[shell].trimEnd());
    });
  program
    .command('complete', { hidden: true })
    .description('print the possible words at the cursor; called by the completion scripts')
    .argument('[words...]', 'the words after the name of the program, up to the cursor')
    .action(async (words: string[]) => {
      const [{ parseWords }, { candidateLines }] = await Promise.all([
        import('../completion/parse-words.js'),
        import('../completion/candidates.js'),
      ]);
      const { wanted, globals } = parseWords(program, words);
      for (const [name, value] of Object.entries(globals)) program.setOptionValue(name, value);
      const lines = await candidateLines(wanted, words.at(-1) ?? '', () => context.manager());
      for (const line of lines) context.print(line);
    });
}

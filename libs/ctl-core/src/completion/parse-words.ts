import type { Argument, Command, Option } from 'commander';
import { syncStatuses } from '../manager/sync-statuses.js';
import type { Candidate, Wanted } from './candidate.js';

/** A command line up to the cursor. */
export interface ParsedWords {
  wanted: Wanted;
  /** Values of the program's own flags before the cursor, by attribute name. They say where the manager is. */
  globals: Record<string, string | true>;
}

/** The kinds of flag values, by the long flag. Other flags take any value. */
const valuesOf: Readonly<Record<string, Wanted>> = {
  '--worker': { kind: 'workers' },
  '--status': words(syncStatuses),
  '--format': words(['table', 'json']),
  '--lines': words(['all']),
  '--config': { kind: 'files' },
  '--ca-cert': { kind: 'files' },
  '--client-cert': { kind: 'files' },
  '--client-key': { kind: 'files' },
  '--worker-config': { kind: 'files' },
  '--dir': { kind: 'files' },
  '--ca': { kind: 'files' },
  '--out': { kind: 'files' },
  '--key': { kind: 'files' },
};

/**
 * Determines the kind of word that is possible at the cursor.
 *
 * @param typed - the words after the program's name; the last one is at the cursor, and may be empty
 */
export function parseWords(program: Command, typed: readonly string[]): ParsedWords {
  // bash splits `--flag=value` into three words
  const given = typed.filter((word, index) => word !== '=' || index === typed.length - 1);
  const current = given.at(-1) ?? '';
  const globals: ParsedWords['globals'] = {};
  let command = program;
  let worker: string | undefined;
  let positionals = 0;
  let mirror = '';
  let pending: Option | undefined;
  let flagsEnded = false;
  const take = (option: Option, value: string | true): void => {
    if (program.options.includes(option)) globals[option.attributeName()] = value;
    else if (option.long === '--worker' && value !== true) worker = value;
  };
  for (const word of given.slice(0, -1)) {
    if (pending !== undefined) {
      take(pending, word);
      pending = undefined;
    } else if (word === '--') {
      flagsEnded = true;
    } else if (word.startsWith('-') && !flagsEnded) {
      const [flag = '', ...value] = word.split('=');
      const option = optionOf([...command.options, ...program.options], flag);
      if (option === undefined) continue;
      if (value.length > 0) take(option, value.join('='));
      else if (option.required || option.optional) pending = option;
      else take(option, true);
    } else {
      const sub = positionals === 0 ? command.commands.find((one) => one.name() === word) : undefined;
      if (sub === undefined) {
        if (argumentAt(command, positionals)?.name() === 'mirror') mirror = word;
        positionals += 1;
      } else command = sub;
    }
  }
  return { globals, wanted: wantedAt() };

  function wantedAt(): Wanted {
    if (pending?.long === '--log') return { kind: 'logs', mirror, worker };
    if (pending !== undefined) return valuesOf[pending.long ?? ''] ?? words([]);
    if (current.startsWith('-') && !flagsEnded) return flagsOf(program, command);
    if (command.commands.length > 0 && positionals === 0) return commandsOf(command);
    return ofArgument(argumentAt(command, positionals), worker);
  }
}

function optionOf(options: readonly Option[], flag: string): Option | undefined {
  const name = flag.replace(/^--?/, '');
  return options.find(({ long, short }) => long === `--${name}` || short === `-${name}`);
}

function argumentAt(command: Command, index: number): Argument | undefined {
  const all = command.registeredArguments;
  const last = all.at(-1);
  return all[index] ?? (last?.variadic === true ? last : undefined);
}

function ofArgument(argument: Argument | undefined, worker: string | undefined): Wanted {
  if (argument?.argChoices !== undefined) return words(argument.argChoices);
  switch (argument?.name()) {
    case 'mirror':
    case 'more':
      return { kind: 'mirrors', worker };
    case 'workers':
      return { kind: 'workers' };
    case 'file':
    case 'folder':
      return { kind: 'files' };
    default:
      return words([]);
  }
}

function flagsOf(program: Command, command: Command): Wanted {
  const options = [...new Set([...command.options, ...program.options])];
  const found = options.filter(({ hidden }) => !hidden);
  const list = found.flatMap(({ long, description }) => (long ? [{ word: long, description }] : []));
  return { kind: 'words', words: [...list, { word: '--help', description: 'display help for command' }] };
}

function commandsOf(command: Command): Wanted {
  const help = command.createHelp();
  const list = help
    .visibleCommands(command)
    .map((one): Candidate => ({ word: one.name(), description: one.description() }));
  return { kind: 'words', words: list };
}

function words(list: readonly string[]): Wanted {
  return { kind: 'words', words: list.map((word) => ({ word, description: '' })) };
}

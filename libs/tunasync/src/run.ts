import { readFileSync } from 'node:fs';
import type { Writable } from 'node:stream';

/** The exported function of a program. */
export type ProgramMain = (options: { name: string; argv: readonly string[] }) => Promise<void>;

/** Loads a program on demand. */
export type ProgramLoader = () => Promise<{ main: ProgramMain }>;

/** Options of {@link run}. */
export interface RunOptions {
  /** Arguments without the program's own name. */
  argv: readonly string[];
  stdout: Pick<Writable, 'write'>;
  stderr: Pick<Writable, 'write'>;
  /** The programs by name. @defaultValue manager, worker and ctl of `@tunasync/*` */
  programs?: Readonly<Record<string, ProgramLoader>>;
}

const allPrograms: Readonly<Record<string, ProgramLoader>> = {
  manager: () => daemon(() => import('@tunasync/manager')),
  worker: () => daemon(() => import('@tunasync/worker')),
  ctl: () => import('@tunasync/ctl'),
};

/**
 * Loads a daemon with source maps, so that its stack traces show the sources. tunasynctl does without, to start
 * faster.
 */
function daemon(load: ProgramLoader): ReturnType<ProgramLoader> {
  process.setSourceMapsEnabled(true);
  return load();
}

const shortNames: Readonly<Record<string, string>> = { m: 'manager', w: 'worker' };

const help = `Usage: tunasync <command> [arguments]

Commands:
  manager, m  store and serve the statuses of all mirrors (also: tunasync-manager)
  worker, w   run the sync jobs of this machine (also: tunasync-worker)
  ctl         monitor and control the mirrors of a manager (also: tunasynctl)

Options:
  --version   print the version
  -h, --help  display help; see also tunasync <command> --help
`;

/**
 * Runs `tunasync manager …`, `tunasync worker …` or `tunasync ctl …`.
 *
 * @returns the exit code, or undefined when the started program sets it itself
 */
export async function run(options: RunOptions): Promise<number | undefined> {
  const { argv, stdout, stderr, programs = allPrograms } = options;
  const [first, ...rest] = argv;
  switch (first) {
    case '--version':
    case '-version':
      stdout.write(`${packageVersion()}\n`);
      return 0;
    case '--help':
    case '-help':
    case '-h':
    case 'help':
      stdout.write(help);
      return 0;
    case undefined:
      stderr.write('tunasync: expected a command: manager, worker or ctl; see tunasync --help\n');
      return 1;
  }
  const program = shortNames[first] ?? first;
  const load = Object.hasOwn(programs, program) ? programs[program] : undefined;
  if (load === undefined) {
    stderr.write(
      `tunasync: expected a command, one of manager, worker or ctl, found '${first}'; see tunasync --help\n`,
    );
    return 1;
  }
  const { main } = await load();
  await main({ name: `tunasync ${program}`, argv: rest });
  return undefined;
}

/** Returns the version in this package's `package.json`, one folder above `src/` and `dist/`. */
function packageVersion(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  const { version } = JSON.parse(text) as { version: string };
  return version;
}

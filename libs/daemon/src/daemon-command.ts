import { createLogger, type LoggerOptions, type StreamLogger } from '@tunasync/logger';
import { Command, Option } from 'commander';

/** Flags that both daemons have. */
export interface DaemonFlags {
  config?: string;
  verbose?: boolean;
  debug?: boolean;
  withSystemd?: boolean;
  pidfile?: string;
  logFormat?: 'text' | 'json';
  check?: boolean;
}

/** A command with {@link DaemonFlags}; add the daemon's own flags and parse with {@link parseFlags}. */
export function daemonCommand(name: string, description: string, version: string): Command {
  return new Command(name)
    .description(description)
    .version(version, '--version', 'print the version and exit')
    .helpOption('-h, --help', 'print this help and exit')
    .option('-c, --config <file>', 'configuration file')
    .option('--check', 'check the configuration, print what is wrong with it, and exit with 0 or 1')
    .option('-v, --verbose', 'log at level INFO')
    .option('--debug', 'log at level DEBUG, with file and line')
    .option('--with-systemd', 'log lines without the time, as the journal has its own')
    .addOption(new Option('--log-format <format>', 'format of log lines').choices(['text', 'json']))
    .option('--pidfile <file>', 'write the process id to this file')
    .allowExcessArguments(false);
}

/** The logger that the flags ask for. @param debug - the configuration asks for debug lines */
export function daemonLogger(
  flags: DaemonFlags,
  debug = false,
  options: Pick<LoggerOptions, 'stream' | 'clock'> = {},
): StreamLogger {
  const level = flags.debug === true || debug ? 'debug' : flags.verbose === true ? 'info' : 'notice';
  const plain = flags.withSystemd === true ? 'systemd' : 'text';
  return createLogger({ ...options, level, format: flags.logFormat === 'json' ? 'json' : plain });
}

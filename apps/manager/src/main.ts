import type { Writable } from 'node:stream';
import { formatDiagnostic } from '@tunasync/config';
import {
  daemonLogger,
  parseFlags,
  runDaemon,
  serviceNotifier,
  thisProcess,
  type ProcessHost,
} from '@tunasync/daemon';
import { checkManager } from './check.js';
import { managerCommand, type ManagerFlags } from './flags.js';
import { importInto } from './import.js';
import { loadConfig } from './load-config.js';
import { createManagerDaemon } from './manager-daemon.js';

/** What {@link main} gets from its process; tests give their own. */
export interface MainOptions {
  /** Name in messages. @defaultValue tunasync-manager */
  name?: string;
  /** Arguments without the program's own name. @defaultValue those of this process */
  argv?: readonly string[];
  /** @defaultValue this process's */
  env?: Readonly<Record<string, string | undefined>>;
  /** @defaultValue standard output */
  stdout?: Writable;
  /** @defaultValue this process */
  host?: ProcessHost;
}

/** Runs `tunasync-manager` until it is told to halt. Exits through `host.exit`: 0, or 1 when it could not start. */
export async function main(options: MainOptions = {}): Promise<void> {
  const { name = 'tunasync-manager', argv = process.argv.slice(2) } = options;
  const { env = process.env, stdout = process.stdout, host = thisProcess() } = options;
  const writeError = (line: string): void => {
    host.writeError(line.trimEnd());
  };
  const parsed = parseFlags<ManagerFlags>(managerCommand(name), argv, {
    writeOut: (text) => void stdout.write(text),
    writeError,
  });
  if ('exitCode' in parsed) {
    host.exit(parsed.exitCode);
    return;
  }
  const { flags } = parsed;
  if (flags.check === true) {
    host.exit(await checkManager(flags, { stdout, writeError }));
    return;
  }
  const loaded = await loadConfig(flags);
  const logger = daemonLogger(flags, loaded.ok && loaded.value.debug, { stream: stdout });
  for (const diagnostic of loaded.diagnostics) {
    if (diagnostic.severity === 'warning') logger.warn(formatDiagnostic(diagnostic));
    else writeError(`${name}: ${formatDiagnostic(diagnostic)}`);
  }
  if (!loaded.ok) {
    await logger.close();
    host.exit(1);
    return;
  }
  if (flags.import !== undefined) {
    const code = await importInto(loaded.value, flags.import, { name, logger, stdout, writeError });
    await logger.close();
    host.exit(code);
    return;
  }
  const daemon = createManagerDaemon(loaded.value, logger);
  const notifier = serviceNotifier({ env, logger });
  await runDaemon({ name, logger, host, pidfile: flags.pidfile, notifier, ...daemon });
}

import { formatDiagnostic } from '@tunasync/config';
import {
  daemonLogger,
  mainProcess,
  parseFlags,
  runDaemon,
  serviceNotifier,
  type MainOptions,
} from '@tunasync/daemon';
import { checkManager } from './check.js';
import { managerCommand, type ManagerFlags } from './flags.js';
import { importInto } from './import.js';
import { loadConfig } from './load-config.js';
import { createManagerDaemon } from './manager-daemon.js';

/** Runs `tunasync-manager` until a signal halts it. Exits through `host.exit`: 0, or 1 when it could not start. */
export async function main(options: MainOptions = {}): Promise<void> {
  const { name, argv, env, stdout, host, writeError } = mainProcess(options, 'tunasync-manager', process);
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

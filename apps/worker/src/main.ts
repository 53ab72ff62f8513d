import { formatDiagnostic, loadWorkerConfig } from '@tunasync/config';
import {
  daemonLogger,
  mainProcess,
  parseFlags,
  runDaemon,
  serviceNotifier,
  withoutNotifySocket,
  type MainOptions,
} from '@tunasync/daemon';
import { messageOf } from '@tunasync/protocol';
import { checkWorker } from './check.js';
import { workerCommand, type WorkerFlags } from './flags.js';
import { createWorkerDaemon } from './worker-daemon.js';

/** Runs `tunasync-worker` until a signal halts it. Exits through `host.exit`: 0, or 1 when it could not start. */
export async function main(options: MainOptions = {}): Promise<void> {
  const { name, argv, env, stdout, host, writeError } = mainProcess(options, 'tunasync-worker', process);
  const parsed = parseFlags<WorkerFlags>(workerCommand(name), argv, {
    writeOut: (text) => void stdout.write(text),
    writeError,
  });
  if ('exitCode' in parsed) {
    host.exit(parsed.exitCode);
    return;
  }
  const { flags } = parsed;
  const { config: file } = flags;
  if (file === undefined) {
    writeError(`${name}: expected a configuration file: --config <file>`);
    host.exit(1);
    return;
  }
  if (flags.json === true && flags.check !== true) {
    writeError(`${name}: --json requires --check`);
    host.exit(1);
    return;
  }
  if (flags.check === true) {
    host.exit(await checkWorker(file, { stdout, json: flags.json, writeError }));
    return;
  }
  const logger = daemonLogger(flags, false, { stream: stdout });
  try {
    const loaded = await loadWorkerConfig({ file });
    for (const diagnostic of loaded.diagnostics) {
      if (diagnostic.severity === 'warning') logger.warn(formatDiagnostic(diagnostic));
      else writeError(`${name}: ${formatDiagnostic(diagnostic)}`);
    }
    if (!loaded.ok) {
      await logger.close();
      host.exit(1);
      return;
    }
    // jobs must not send notifications on behalf of the daemon
    const daemon = createWorkerDaemon({
      config: loaded.value,
      file,
      env: withoutNotifySocket(env),
      logger,
    });
    const notifier = serviceNotifier({ env, logger });
    await runDaemon({ name, logger, host, pidfile: flags.pidfile, notifier, ...daemon });
  } catch (error) {
    writeError(`${name}: ${messageOf(error)}`);
    host.exit(1);
  }
}

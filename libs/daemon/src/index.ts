export { daemonCommand, daemonLogger, type DaemonFlags } from './daemon-command.js';
export { mainProcess, type MainOptions, type MainProcess } from './main-options.js';
export { normalizeArgs } from './normalize-args.js';
export { parseFlags, type ParsedFlags, type ParseOutput } from './parse-flags.js';
export { writePidfile, type Pidfile, type PidfileOptions } from './pidfile.js';
export { thisProcess, type ProcessEvent, type ProcessHost } from './process-host.js';
export { runDaemon, type DaemonOptions } from './run-daemon.js';
export {
  serviceNotifier,
  withoutNotifySocket,
  type ServiceNotifier,
  type ServiceNotifierOptions,
} from './service-notifier.js';
export { packageVersion } from './version.js';

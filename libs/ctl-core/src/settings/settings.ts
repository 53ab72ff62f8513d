import { join } from 'node:path';
import { pathExists } from '@tunasync/util';
import { UsageError } from '../errors/errors.js';

/** The flags of every command. */
export interface GlobalFlags {
  config?: string;
  manager?: string;
  port?: number;
  caCert?: string;
  clientCert?: string;
  clientKey?: string;
  verbose?: boolean;
  debug?: boolean;
  json?: boolean;
}

/** The address of the manager and the certificates for it. */
export interface Settings {
  managerAddr: string;
  managerPort: number;
  /** Empty: the system's authorities are trusted. */
  caCertFile: string;
  /** Sent to the manager. Without this and `caCertFile`, the client uses plain HTTP. */
  clientCert: { certFile: string; keyFile: string } | undefined;
}

/** Options of {@link loadSettings}. */
export interface SettingsSources {
  /** `/etc/tunasync/ctl.conf` */
  systemConfig: string;
  /** The user's home folder; undefined: none. */
  home: string | undefined;
  onWarning: (line: string) => void;
}

/**
 * Reads the system's file, the user's file, the given file, then the flags. Later ones override earlier ones.
 *
 * @throws UsageError for one flag of a pair, CtlError `CTL_CONFIG`
 */
export async function loadSettings(
  flags: GlobalFlags,
  { systemConfig, home, onWarning }: SettingsSources,
): Promise<Settings> {
  const clientCert = pairOf(flags);
  const candidates = [systemConfig];
  if (home !== undefined && home !== '') candidates.push(join(home, '.config/tunasync/ctl.conf'));
  const there = await Promise.all(candidates.map(pathExists));
  const files = candidates.filter((_, index) => there[index]);
  if (flags.config !== undefined) files.push(flags.config);
  // load the TOML parser only if there is a file: most runs start faster without it
  const loaded =
    files.length === 0 ? undefined : await (await import('./load-config.js')).loadConfig(files, onWarning);
  return {
    managerAddr: flags.manager ?? loaded?.managerAddr ?? 'localhost',
    managerPort: flags.port ?? loaded?.managerPort ?? 14242,
    caCertFile: flags.caCert ?? loaded?.caCertFile ?? '',
    clientCert: clientCert ?? loaded?.clientCert,
  };
}

function pairOf({ clientCert, clientKey }: GlobalFlags): Settings['clientCert'] {
  if (clientCert === undefined && clientKey === undefined) return undefined;
  if (!clientCert || !clientKey)
    throw new UsageError('--client-cert and --client-key must be given together');
  return { certFile: clientCert, keyFile: clientKey };
}

import { join } from 'node:path';
import { pathExists } from '@tunasync/util';
import { UsageError } from '../errors/errors.js';

/** The flags that every command has. */
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

/** Where the manager is. */
export interface Settings {
  managerAddr: string;
  managerPort: number;
  /** Empty: the system's authorities are trusted. */
  caCertFile: string;
  /** Shown to the manager. With neither this nor `caCertFile`, plain HTTP is spoken. */
  clientCert: { certFile: string; keyFile: string } | undefined;
}

/** Where {@link loadSettings} looks. */
export interface SettingsSources {
  /** `/etc/tunasync/ctl.conf` */
  systemConfig: string;
  /** The user's home folder; undefined: none. */
  home: string | undefined;
  onWarning: (line: string) => void;
}

/**
 * The system's file, the user's, the one that is named, then flags: later ones win.
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
  // what reads TOML is loaded only when there is some: most runs start faster without it
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
  if (!clientCert || !clientKey) throw new UsageError('--client-cert and --client-key go together only');
  return { certFile: clientCert, keyFile: clientKey };
}

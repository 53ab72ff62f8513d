import { access, constants, mkdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/** The settings and the environment that determine a worker's state folder. */
export interface StateDirOptions {
  /** `global.state_dir` as written; empty when it is not set. */
  configured: string;
  /** Worker id. */
  name: string;
  env: Readonly<Record<string, string | undefined>>;
  /** The system's folder for state. @defaultValue /var/lib */
  varLib?: string;
}

/**
 * Returns the worker's state folder: `global.state_dir`, else `$STATE_DIRECTORY` (systemd), else
 * `/var/lib/tunasync/<name>` if it is writable, else `$XDG_STATE_HOME/tunasync/<name>`.
 */
export async function findStateDir(options: StateDirOptions): Promise<string> {
  const { configured, name, env, varLib = '/var/lib' } = options;
  if (configured !== '') return resolve(configured);
  // systemd lists all folders of StateDirectory=, separated by colons
  const [ofService = ''] = (env['STATE_DIRECTORY'] ?? '').split(':');
  if (ofService !== '') return ofService;
  const shared = join(varLib, 'tunasync', name);
  if (await isWritable(shared)) return shared;
  const home = env['HOME'] === undefined || env['HOME'] === '' ? homedir() : env['HOME'];
  const given = env['XDG_STATE_HOME'] ?? '';
  // the XDG Base Directory Specification says to ignore relative paths
  return join(given.startsWith('/') ? given : join(home, '.local/state'), 'tunasync', name);
}

async function isWritable(folder: string): Promise<boolean> {
  try {
    await mkdir(folder, { recursive: true });
    await access(folder, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

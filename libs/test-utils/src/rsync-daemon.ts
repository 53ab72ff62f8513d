import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { messageOf, TunasyncError } from '@tunasync/protocol';
import { reservePort } from './reserve-port.js';
import { tempDir } from './temp-dir.js';
import { waitFor } from './wait-for.js';

/** A tree that a daemon serves. */
export interface RsyncModule {
  /** Folder with the files. */
  path: string;
  /** Only these users may read it: name to password. @defaultValue everybody may */
  users?: Readonly<Record<string, string>>;
  /** More parameters of rsyncd.conf(5), such as `{ 'refuse options': 'delete' }`. */
  parameters?: Readonly<Record<string, string>>;
}

/** What {@link startRsyncDaemon} is told. */
export interface RsyncDaemonOptions {
  modules: Readonly<Record<string, RsyncModule>>;
  /** @defaultValue a free one */
  port?: number;
}

/** A running `rsync --daemon` on loopback; `await using` stops it. */
export interface RsyncDaemon extends AsyncDisposable {
  readonly port: number;
  readonly pid: number;
  /** `rsync://127.0.0.1:<port>/<module>/` */
  url(module: string): string;
  /** What the daemon has logged: one line for each connection and file. */
  log(): Promise<string>;
  /** Ends the daemon and its connections; repeated calls change nothing. */
  stop(): Promise<void>;
}

async function writeConfig(
  folder: string,
  logFile: string,
  modules: RsyncDaemonOptions['modules'],
): Promise<string> {
  // As root the daemon would serve as nobody, who may not enter the throwaway folders.
  const self = process.getuid?.() === 0 ? ['uid = 0', 'gid = 0'] : [];
  const lines = [...self, 'use chroot = no', 'read only = yes', 'list = yes', 'reverse lookup = no'];
  lines.push(`log file = ${logFile}`, `lock file = ${join(folder, 'rsyncd.lock')}`);
  for (const [name, { path, users, parameters }] of Object.entries(modules)) {
    lines.push(`[${name}]`, `path = ${path}`);
    if (users !== undefined) {
      const secrets = join(folder, `${name}.secrets`);
      const text = Object.entries(users).map(([user, password]) => `${user}:${password}\n`);
      await writeFile(secrets, text.join(''), { mode: 0o600 });
      // The daemon refuses secrets that others may read, whatever the umask is.
      await chmod(secrets, 0o600);
      lines.push(`auth users = ${Object.keys(users).join(', ')}`, `secrets file = ${secrets}`);
    }
    for (const [key, value] of Object.entries(parameters ?? {})) lines.push(`${key} = ${value}`);
  }
  const file = join(folder, 'rsyncd.conf');
  await writeFile(file, `${lines.join('\n')}\n`);
  return file;
}

/** Whether an rsync daemon greets on the port. */
function greets(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const done = (value: boolean): void => {
      socket.destroy();
      resolve(value);
    };
    socket.once('data', (data) => {
      done(data.toString('latin1').startsWith('@RSYNCD:'));
    });
    socket.once('error', () => {
      done(false);
    });
    socket.once('close', () => {
      done(false);
    });
  });
}

/** Ends the daemon's process group: the processes of its connections are in it. */
async function endGroup(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  process.kill(-child.pid, 'SIGTERM');
  await ended;
}

/**
 * Serves folders by a real `rsync --daemon` on loopback and waits until it answers.
 *
 * @throws {@link TunasyncError} `RSYNC_DAEMON_FAILED` when rsync is missing or does not come up
 */
export async function startRsyncDaemon(options: RsyncDaemonOptions): Promise<RsyncDaemon> {
  const folder = await tempDir('rsyncd-');
  const logFile = join(folder.path, 'rsyncd.log');
  const config = await writeConfig(folder.path, logFile, options.modules);
  const port = options.port ?? (await reservePort());
  const child = spawn(
    'rsync',
    ['--daemon', '--no-detach', `--config=${config}`, `--port=${port}`, '--address=127.0.0.1'],
    { stdio: 'ignore', detached: true },
  );
  let failure: string | undefined;
  child.once('error', (error) => (failure = error.message));
  child.once('exit', (code, signal) => (failure ??= `ended with ${code ?? signal ?? 'nothing'}`));
  let stopped: Promise<void> | undefined;
  const stop = (): Promise<void> => (stopped ??= endGroup(child).then(() => folder.remove()));
  try {
    await waitFor('the rsync daemon', () => failure !== undefined || greets(port));
  } catch (error) {
    failure = messageOf(error);
  }
  if (failure !== undefined || child.pid === undefined) {
    const log = await readFile(logFile, 'utf8').catch(() => '');
    await stop();
    throw new TunasyncError(
      'RSYNC_DAEMON_FAILED',
      `rsync --daemon: ${failure ?? 'no pid'}\n${log}`.trimEnd(),
    );
  }
  return {
    port,
    pid: child.pid,
    url: (module) => `rsync://127.0.0.1:${port}/${module}/`,
    log: () => readFile(logFile, 'utf8'),
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { reservePort } from './reserve-port.js';
import { tempDir } from './temp-dir.js';
import { waitFor } from './wait-for.js';

/** A real `redis-server` that keeps nothing on disk, on a loopback port and a unix socket. */
export interface RedisServer extends AsyncDisposable {
  readonly port: number;
  /** Path of the unix socket. */
  readonly socket: string;
  /** Ends the server as a crash would; {@link RedisServer.start} starts an empty one at the same addresses. */
  kill(): Promise<void>;
  start(): Promise<void>;
  /** Makes the server hang: connections stay open, nothing is answered until {@link RedisServer.resume}. */
  pause(): void;
  resume(): void;
  /** Ends the server and removes its files. */
  stop(): Promise<void>;
}

/** Whether this machine has a `redis-server`. */
export function hasRedisServer(): boolean {
  return spawnSync('redis-server', ['--version']).status === 0;
}

/** Starts a server; `args` are more options such as `['--requirepass', 'secret']`. */
export async function startRedisServer(args: readonly string[] = []): Promise<RedisServer> {
  const dir = await tempDir('redis-');
  const port = await reservePort();
  const socket = join(dir.path, 'redis.sock');
  let child: ChildProcess | undefined;

  const start = async (): Promise<void> => {
    const options = [
      '--port',
      String(port),
      '--bind',
      '127.0.0.1',
      '--unixsocket',
      socket,
      '--dir',
      dir.path,
    ];
    child = spawn('redis-server', [...options, '--save', '', '--appendonly', 'no', ...args], {
      stdio: 'ignore',
    });
    await waitFor('redis-server to listen', () => answers(port));
  };
  const kill = async (): Promise<void> => {
    if (child?.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  };
  const stop = async (): Promise<void> => {
    await kill();
    await dir.remove();
  };
  await start();
  return {
    port,
    socket,
    start,
    kill,
    pause: () => child?.kill('SIGSTOP'),
    resume: () => child?.kill('SIGCONT'),
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

/** Whether something accepts connections at a port of the loopback interface. */
function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const connection = createConnection(port, '127.0.0.1');
    connection.once('connect', () => {
      connection.destroy();
      resolve(true);
    });
    connection.once('error', () => {
      resolve(false);
    });
  });
}

import { readFile } from 'node:fs/promises';
import { createServer, type ListenOptions } from 'node:net';
import { TunasyncError } from '@tunasync/protocol';

/** Lowest port that is given out: above 10080, which `fetch` refuses. */
const lowest = 10_081;

/**
 * Reserves a TCP port for a server that has to know its port before it listens; a server of a test itself listens on
 * port 0 instead. No other test gets the port until this process ends, and the kernel gives it to no connection: it is
 * below the ephemeral range. Nothing listens there until the caller does.
 *
 * @param host - address at which the port has to be free
 * @throws `TunasyncError` `NO_FREE_PORT`
 */
export async function reservePort(host = '127.0.0.1'): Promise<number> {
  const count = (await ephemeralStart()) - lowest;
  const first = Math.floor(Math.random() * count);
  for (let offset = 0; offset < count; offset++) {
    const port = lowest + ((first + offset) % count);
    if ((await reserve(port)) && (await isFree(host, port))) return port;
  }
  throw new TunasyncError('NO_FREE_PORT', `no port from ${lowest} on is free`);
}

/** First port that the kernel gives to connections. Source: ip(7), `ip_local_port_range`. */
async function ephemeralStart(): Promise<number> {
  const range = await readFile('/proc/sys/net/ipv4/ip_local_port_range', 'utf8');
  return Math.max(lowest + 1, Number.parseInt(range, 10));
}

/** Takes the port for this process: a socket in the abstract namespace vanishes with the process that holds it. */
function reserve(port: number): Promise<boolean> {
  return listens({ path: `\0tunasync-test-port-${port}` }, (server, done) => {
    server.unref();
    done();
  });
}

function isFree(host: string, port: number): Promise<boolean> {
  return listens({ host, port }, (server, done) => {
    server.close(done);
  });
}

function listens(
  options: ListenOptions,
  then: (server: ReturnType<typeof createServer>, done: () => void) => void,
): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => {
      resolve(false);
    });
    server.listen(options, () => {
      then(server, () => {
        resolve(true);
      });
    });
  });
}

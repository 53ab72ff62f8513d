import type { ManagerOverrides } from '@tunasync/config';
import { daemonCommand, packageVersion, type DaemonFlags } from '@tunasync/daemon';
import { InvalidArgumentError } from 'commander';

/** Flags of `tunasync-manager`. They override the file. */
export interface ManagerFlags extends DaemonFlags {
  addr?: string;
  port?: number;
  cert?: string;
  key?: string;
  statusFile?: string;
  dbFile?: string;
  dbType?: string;
  caCert?: string;
  import?: string;
}

/** Creates the command with all its flags. @param name - as it was called: `tunasync-manager`, `tunasync manager` */
export function managerCommand(name: string): ReturnType<typeof daemonCommand> {
  return daemonCommand(
    name,
    'Stores and serves the status of all mirrors, and sends commands to workers',
    packageVersion(import.meta.url),
  )
    .option('--addr <address>', 'address to listen on')
    .option('--port <port>', 'port to listen on', portOf)
    .option('--cert <file>', 'certificate, to serve HTTPS; requires --key')
    .option('--key <file>', 'private key of the certificate; requires --cert')
    .option('--status-file <file>', 'accepted for compatibility, without effect')
    .option('--db-file <file>', 'database: a folder, or a URL for redis')
    .option('--db-type <type>', 'kind of the database: leveldb or redis')
    .option('--ca-cert <file>', 'certificate of the only authority to trust in requests to others')
    .option('--import <url>', 'copy the data of a running manager into the database, and exit with 0 or 1');
}

/** Returns the keys of the file that flags override. */
export function overridesOf(flags: ManagerFlags): ManagerOverrides {
  const { debug, addr, port, cert, key, statusFile, dbFile, dbType, caCert } = flags;
  return { debug, addr, port, sslCert: cert, sslKey: key, statusFile, dbFile, dbType, caCert };
}

function portOf(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) throw new InvalidArgumentError('Expected 0 to 65535.');
  return port;
}

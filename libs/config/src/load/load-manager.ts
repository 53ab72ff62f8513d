import { stat } from 'node:fs/promises';
import { placeOf, Problems, type Place } from '../document/diagnostics.js';
import {
  clientCaOf,
  clientCertOf,
  emptyDocument,
  findTable,
  readDocument,
  readSection,
  resultOf,
  tlsOf,
  type Document,
} from '../document/document.js';
import type { FileAccess } from '../document/files.js';
import { firstSet } from '../document/first-set.js';
import { lineOfKey } from '../document/line-of-key.js';
import { readTable } from '../document/table.js';
import { managerTables } from '../schema/manager-schema.js';
import { publicBaseOf } from '../schema/public-url.js';
import type { Diagnostic, LoadResult, ManagerConfig } from '../settings/types.js';

/** Values that win over the file, as flags do. */
export interface ManagerOverrides {
  debug?: boolean | undefined;
  /** `server.addr` */
  addr?: string | undefined;
  /** `server.port` */
  port?: number | undefined;
  /** `server.ssl_cert` */
  sslCert?: string | undefined;
  /** `server.ssl_key` */
  sslKey?: string | undefined;
  /** `files.db_type` */
  dbType?: string | undefined;
  /** `files.db_file` */
  dbFile?: string | undefined;
  /** `files.status_file` */
  statusFile?: string | undefined;
  /** `files.ca_cert` */
  caCert?: string | undefined;
}

/** What {@link loadManagerConfig} takes. */
export interface LoadManagerOptions extends FileAccess {
  /** Path of the file; the defaults hold without one. */
  file?: string | undefined;
  overrides?: ManagerOverrides | undefined;
}

const move =
  'keep the old manager running, set db_type = "leveldb" and a new db_file here, and fetch all it knows by tunasync-manager --import URL';

/** Loads a manager's file. Keeps nothing between calls. Never rejects because of what the file says. */
export async function loadManagerConfig(
  options: LoadManagerOptions = {},
): Promise<LoadResult<ManagerConfig>> {
  const problems = new Problems();
  const document =
    options.file === undefined ? emptyDocument('') : await readDocument(options.file, problems, options);
  if (document === undefined) return { ok: false, diagnostics: problems.list };
  return resultOf(managerConfig(document, overridesDocument(options.overrides ?? {}), problems), problems);
}

/** Flags as a document of their own, so that they pass the same checks as the file's keys. */
function overridesDocument(overrides: ManagerOverrides): Document {
  const given = (table: Record<string, unknown>): Record<string, unknown> =>
    Object.fromEntries(Object.entries(table).filter(([, value]) => value !== undefined));
  const { debug, addr, port, sslCert, sslKey, dbType, dbFile, statusFile, caCert } = overrides;
  return {
    ...emptyDocument('command line'),
    table: {
      ...given({ debug }),
      server: given({ addr, port, ssl_cert: sslCert, ssl_key: sslKey }),
      files: given({ db_type: dbType, db_file: dbFile, status_file: statusFile, ca_cert: caCert }),
    },
  };
}

function managerConfig(file: Document, flags: Document, problems: Problems): ManagerConfig {
  const read = (document: Document) => ({
    root: readTable(document.table, document.root, managerTables[''], {
      otherKeys: ['server', 'files', 'history'],
      problems,
    }).values,
    server: readSection(document, 'server', managerTables.server, problems),
    files: readSection(document, 'files', managerTables.files, problems),
  });
  const [ours, theirs] = [read(flags), read(file)];
  const history = readSection(file, 'history', managerTables.history, problems);
  const server = { ...theirs.server, ...ours.server };
  const files = { ...theirs.files, ...ours.files };
  const filesPlace = (key: keyof typeof files): Place =>
    placeOf(findTable(ours.files[key] === undefined ? file : flags, 'files').place, key);
  checkDbType(files.db_type ?? '', filesPlace('db_type'), problems);
  if (files.db_type === 'redis') checkRedisUrl(files.db_file, filesPlace('db_file'), problems);
  const tlsFlags = ours.server.ssl_cert ?? ours.server.ssl_key;
  const tls = tlsOf(server, findTable(tlsFlags === undefined ? file : flags, 'server').place, problems);
  const serverPlace = findTable(file, 'server').place;
  return {
    debug: ours.root.debug ?? theirs.root.debug ?? false,
    server: {
      addr: server.addr ?? '127.0.0.1',
      port: server.port ?? 14242,
      tls,
      clientCaFile: clientCaOf(server, tls, serverPlace, problems),
      clientCert: clientCertOf(server, serverPlace, problems),
      ui: server.ui ?? true,
      publicUrl: publicBaseOf(server.public_url ?? ''),
    },
    files: {
      dbType: files.db_type ?? '',
      dbFile: files.db_file || '/var/lib/tunasync/tunasync.db',
      statusFile: files.status_file || '/var/lib/tunasync/tunasync.json',
      caCertFile: files.ca_cert ?? '',
    },
    history: { runsPerMirror: firstSet(history.runs_per_mirror) ?? 200, days: firstSet(history.days) ?? 90 },
  };
}

function checkDbType(type: string, place: Place, problems: Problems): void {
  if (type === 'bolt' || type === 'badger') {
    problems.error(place, `'${type}' databases of the original cannot be opened: ${move}`);
  } else if (!['', 'leveldb', 'redis'].includes(type)) {
    problems.error(place, `expected 'leveldb' or 'redis', found '${type}'`);
  }
}

/** The URL itself is not shown: it may hold a password. */
function checkRedisUrl(url: string | undefined, place: Place, problems: Problems): void {
  if (!/^(rediss?|unix):\/\/./.test(url ?? '')) {
    problems.error(place, "expected a URL such as redis://host:6379/0, as db_type is 'redis'");
  }
}

/**
 * Tells a database of the original's default kind: no `db_type` is given in any way, and `db_file` is a regular file.
 *
 * @param file - where `db_file` is given, for the message
 */
export async function checkDbFile(config: ManagerConfig, file = ''): Promise<Diagnostic | undefined> {
  const { dbType, dbFile } = config.files;
  if (dbType !== '') return undefined;
  const stats = await stat(dbFile).catch(() => undefined);
  if (stats?.isFile() !== true) return undefined;
  const line = await lineOfKey(file, 'files.db_file');
  return {
    severity: 'error',
    file,
    ...(line === undefined ? {} : { line }),
    key: 'files.db_file',
    message: `'${dbFile}' is a file, as the original's default back end 'bolt' makes it, which cannot be opened: ${move}`,
  };
}

import type { z } from 'zod';
import type { LoadResult, ServerTls } from '../settings/types.js';
import { placeOf, type Problems, type Place, type Source } from './diagnostics.js';
import { readText, whyUnreadable, type FileAccess } from './files.js';
import { readTable } from './table.js';
import { parseToml, type Table } from './toml.js';

/** A parsed file. */
export interface Document {
  readonly root: Place;
  readonly table: Table;
}

/** Reads and parses a file; undefined when that fails, as `problems` then says. */
export async function readDocument(
  file: string,
  problems: Problems,
  access: FileAccess,
): Promise<Document | undefined> {
  problems.reading(file);
  let text;
  try {
    text = await (access.readFile ?? readText)(file);
  } catch (error) {
    problems.push({ severity: 'error', file, key: '', message: whyUnreadable(error) });
    return undefined;
  }
  return parseToml(file, text, problems);
}

/** A document for values that come from no file, such as flags. */
export function emptyDocument(file: string): Document {
  const source: Source = { file };
  return { root: { source, path: [], label: '' }, table: {} };
}

/** A table of a document, which may be missing. */
export interface FoundTable {
  readonly raw: unknown;
  readonly place: Place;
}

/** The table `name` of a document, whatever letter case its name is written in. */
export function findTable({ root, table }: Document, name: string): FoundTable {
  const names = Object.keys(table);
  const written =
    names.find((key) => key === name) ?? names.find((key) => key.toLowerCase() === name) ?? name;
  return {
    raw: Object.hasOwn(table, written) ? table[written] : undefined,
    place: { source: root.source, path: [written], label: name },
  };
}

/** The checked values of the table `name` of a document. */
export function readSection<Schema extends z.ZodObject>(
  document: Document,
  name: string,
  definition: { readonly schema: Schema; readonly unsupported: readonly string[] },
  problems: Problems,
): z.output<Schema> {
  const { raw, place } = findTable(document, name);
  return readTable(raw, place, definition, { problems }).values;
}

/** The value, or only the problems when one of them is an error. */
export function resultOf<T>(value: T, problems: Problems): LoadResult<T> {
  return problems.hasErrors
    ? { ok: false, diagnostics: problems.list }
    : { ok: true, value, diagnostics: problems.list };
}

/** The files of a server's own certificate, or undefined; one of them alone is an error. */
export function tlsOf(
  { ssl_cert, ssl_key }: { ssl_cert?: string | undefined; ssl_key?: string | undefined },
  place: Place,
  problems: Problems,
): ServerTls | undefined {
  return pairOf(['ssl_cert', ssl_cert], ['ssl_key', ssl_key], place, problems);
}

/** The files of the certificate that is shown to others, or undefined; one of them alone is an error. */
export function clientCertOf(
  { client_cert, client_key }: { client_cert?: string | undefined; client_key?: string | undefined },
  place: Place,
  problems: Problems,
): ServerTls | undefined {
  return pairOf(['client_cert', client_cert], ['client_key', client_key], place, problems);
}

/** `client_ca`, which is an error without `ssl_cert`: over plain HTTP nobody shows a certificate. */
export function clientCaOf(
  { client_ca: file = '' }: { client_ca?: string | undefined },
  tls: ServerTls | undefined,
  place: Place,
  problems: Problems,
): string {
  if (file !== '' && tls === undefined) {
    problems.error(placeOf(place, 'client_ca'), 'needs ssl_cert and ssl_key, which are not given');
  }
  return file;
}

function pairOf(
  [certKey, certFile = '']: readonly [string, string | undefined],
  [keyKey, keyFile = '']: readonly [string, string | undefined],
  place: Place,
  problems: Problems,
): ServerTls | undefined {
  if (certFile === '' && keyFile === '') return undefined;
  const [missing, given] = certFile === '' ? [certKey, keyKey] : [keyKey, certKey];
  if (certFile === '' || keyFile === '') {
    problems.error(placeOf(place, missing), `expected a file, as ${given} is given`);
  }
  return { certFile, keyFile };
}

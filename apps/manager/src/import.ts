import type { Writable } from 'node:stream';
import { readTlsFiles } from '@tunasync/certificates';
import type { ManagerConfig } from '@tunasync/config';
import type { Logger } from '@tunasync/logger';
import { importManager, managerTlsFiles, type ImportCounts, type ImportResult } from '@tunasync/manager-core';
import { messageOf } from '@tunasync/protocol';
import { StoreError, type CachedStore } from '@tunasync/store';
import { openStore } from './open-store.js';

/** Options of {@link importInto}. */
export interface ImportContext {
  /** Name for messages. */
  name: string;
  logger: Logger;
  stdout: Writable;
  writeError: (line: string) => void;
}

/**
 * Copies the data of the manager at `url` into the configured database and prints a summary.
 *
 * @returns the exit code: 0 when everything that can be copied was copied
 */
export async function importInto(
  config: ManagerConfig,
  url: string,
  { name, logger, stdout, writeError }: ImportContext,
): Promise<0 | 1> {
  // only the certificates for outgoing requests: no server runs here
  const { client, ca } = managerTlsFiles(config);
  const { texts, problems } = await readTlsFiles({ client, ca });
  if (problems.length > 0) {
    for (const problem of problems) writeError(`${name}: ${problem}`);
    return 1;
  }
  let store: CachedStore | undefined;
  try {
    store = await openStore(config.files, logger);
    const { history } = config;
    const result = await importManager({ url, store, history, caCert: texts.ca, clientCert: texts.client });
    for (const line of result.skipped) writeError(`${name}: skipped: ${line}`);
    stdout.write(`${summaryOf(result)}\n`);
    return 0;
  } catch (error) {
    writeError(`${name}: ${reasonOf(error)}`);
    return 1;
  } finally {
    await store?.close();
  }
}

function reasonOf(error: unknown): string {
  const { code } = error as { code?: unknown };
  if (error instanceof StoreError && code === 'STORE_LOCKED') {
    return `${error.message}; stop the manager that runs on it first`;
  }
  return code === 'CLIENT_OPTIONS_INVALID' ? `--import: ${messageOf(error)}` : messageOf(error);
}

function summaryOf({ address, workers, mirrors, runs }: ImportResult): string {
  const text = (what: string, { added, updated, unchanged }: ImportCounts): string =>
    `${added + updated + unchanged} ${what} (${added} new, ${updated} updated, ${unchanged} unchanged)`;
  const history = runs === undefined ? 'it keeps no finished runs' : text('finished runs', runs);
  return `Imported from ${address}: ${text('workers', workers)}; ${text('mirrors', mirrors)}; ${history}`;
}

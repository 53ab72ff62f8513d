import { readdir, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { messageOf } from '@tunasync/protocol';
import { Level } from 'level';
import { StoreError } from '../store/store-error.js';
import type { KvEngine, KvSlice } from './kv-engine.js';
import { makeFolder } from './make-folder.js';

/** Opens the LevelDB at `path`, which is created when missing. @throws {@link StoreError} */
export async function openLevelEngine(path: string): Promise<KvEngine> {
  await prepareLocation(path);
  const db = new Level(path, { keyEncoding: 'utf8', valueEncoding: 'utf8' });
  try {
    await db.open();
  } catch (error) {
    throw openingError(path, error);
  }
  return {
    get: (key) => db.get(key),
    entries: async (prefix, slice) => db.iterator(rangeOf(prefix, slice)).all(),
    keys: async (prefix, slice) => db.keys(rangeOf(prefix, slice)).all(),
    batch: (ops) => db.batch(ops, { sync: true }),
    close: () => db.close(),
  };
}

/** Keys compare as UTF-8 bytes: no key with a prefix sorts after the prefix followed by the highest characters. */
const beyond = '\u{10ffff}'.repeat(8);

function rangeOf(prefix: string, { after, reverse = false, limit = -1 }: KvSlice = {}): LevelRange {
  const from = after !== undefined && Buffer.compare(Buffer.from(after), Buffer.from(prefix)) > 0;
  return { ...(from ? { gt: after } : { gte: prefix }), lte: prefix + beyond, reverse, limit };
}

interface LevelRange {
  gt?: string;
  gte?: string;
  lte: string;
  reverse: boolean;
  /** -1: all. */
  limit: number;
}

/** Refuses what LevelDB would make a mess of, and makes the parent folder. */
async function prepareLocation(path: string): Promise<void> {
  try {
    await makeFolder(dirname(resolve(path)));
  } catch (error) {
    throw unwritable(path, error);
  }
  const kind = await stat(path).catch(() => undefined);
  if (kind === undefined) return;
  if (!kind.isDirectory()) {
    throw new StoreError(
      'STORE_NOT_A_DATABASE',
      `${path} is a file, not a LevelDB folder; it looks like a bolt database of the original tunasync`,
    );
  }
  const names = await readdir(path).catch((error: unknown) => {
    throw unwritable(path, error);
  });
  if (names.includes('CURRENT')) return;
  if (names.includes('KEYREGISTRY') || names.some((name) => name.endsWith('.vlog'))) {
    throw new StoreError(
      'STORE_NOT_A_DATABASE',
      `${path} is not a LevelDB folder; it looks like a badger database of the original tunasync`,
    );
  }
  // LevelDB would take the folder for a new database and clear its tables away
  if (names.some((name) => /^\d+\.(?:ldb|sst|log)$/.test(name))) {
    throw new StoreError('STORE_DAMAGED', `the database ${path} is damaged: its file CURRENT is missing`);
  }
}

function openingError(path: string, error: unknown): StoreError {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  const code = (cause as { code?: unknown }).code;
  const why = messageOf(cause);
  if (code === 'LEVEL_LOCKED') {
    return new StoreError('STORE_LOCKED', `cannot open the database ${path}: another process uses it`, {
      cause,
    });
  }
  // a file that CURRENT or a manifest names is gone
  const missing = code === 'LEVEL_IO_ERROR' && why.includes('No such file or directory');
  if (code === 'LEVEL_CORRUPTION' || missing) {
    return new StoreError('STORE_DAMAGED', `the database ${path} is damaged: ${why}`, { cause });
  }
  return unwritable(path, cause);
}

function unwritable(path: string, cause: unknown): StoreError {
  return new StoreError('STORE_UNWRITABLE', `cannot write the database ${path}: ${messageOf(cause)}`, {
    cause,
  });
}

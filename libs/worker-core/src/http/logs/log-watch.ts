import { basename } from 'node:path';
import type { Clock } from '@tunasync/protocol';
import { findHole, listRunLogs, openLog, type LogHole, type OpenLog, type RunLog } from '@tunasync/run-log';
import { plainLogName } from './find-log.js';

/** A log of a mirror; `name` is its name before the attempt failed. */
export interface WatchedLog extends RunLog {
  name: string;
}

/** A part of a log. */
export interface LogPart extends Pick<OpenLog, 'size' | 'identity'> {
  bytes: Buffer;
  /** The part that was returned to the disk; it is looked for only when `bytes` contains NULs. */
  hole: LogHole | undefined;
}

/** The known facts of a file. */
type Facts = Pick<OpenLog, 'size' | 'identity'>;

interface Look {
  at: number;
  facts: Promise<Facts | undefined>;
  /** Parts that were read since, by offset. */
  parts: Map<number, Promise<LogPart | undefined>>;
}

/** Bytes per part. */
const partBytes = 128 * 1024;
/** Milliseconds for which the facts of a log, and the list of the folder, stay valid. */
const lookMs = 120;
const listMs = 1000;
/** Most parts that are shared; parts for slower readers are read again. */
const mostParts = 4;

/** Watches the logs of a mirror for all of its readers: a thousand readers of a log cost the disk as much as one. */
export class LogWatch {
  readonly #dir: string;
  readonly #mirror: string;
  readonly #clock: Clock;
  readonly #looks = new Map<string, Look>();
  #list: { at: number; logs: Promise<WatchedLog[]> } | undefined;

  constructor(dir: string, mirror: string, clock: Clock) {
    this.#dir = dir;
    this.#mirror = mirror;
    this.#clock = clock;
  }

  /** Lists all logs, newest first. Rejects when the folder cannot be read. */
  logs(isFresh = false): Promise<readonly WatchedLog[]> {
    const now = this.#clock.now();
    if (isFresh || this.#list === undefined || isOver(this.#list.at, listMs, now)) {
      const logs = listRunLogs(this.#dir, this.#mirror).then((found) =>
        found.map((log) => ({ ...log, name: plainLogName(basename(log.file)) })),
      );
      this.#list = { at: now, logs };
    }
    return this.#list.logs;
  }

  /**
   * Returns the facts of a log; undefined when it is gone.
   *
   * @param file - its path without `.fail`; a log with that suffix is found too
   */
  facts(file: string, isFresh = false): Promise<Facts | undefined> {
    return this.#look(file, isFresh).facts;
  }

  /** Reads a part of a log; undefined when it is gone. */
  read(file: string, start: number, isFresh = false): Promise<LogPart | undefined> {
    const { parts } = this.#look(file, isFresh);
    const known = parts.get(start);
    if (known !== undefined) return known;
    const part = readPart(file, start);
    if (parts.size < mostParts) parts.set(start, part);
    return part;
  }

  #look(file: string, isFresh: boolean): Look {
    const now = this.#clock.now();
    const known = this.#looks.get(file);
    if (known !== undefined && !isFresh && !isOver(known.at, lookMs, now)) return known;
    for (const [other, { at }] of this.#looks) if (isOver(at, listMs, now)) this.#looks.delete(other);
    const look: Look = { at: now, facts: factsOf(file), parts: new Map() };
    this.#looks.set(file, look);
    return look;
  }
}

/** A period also ends when the clock was set back. */
function isOver(begin: number, ms: number, now: number): boolean {
  return now < begin || now - begin >= ms;
}

async function open(file: string): Promise<OpenLog | undefined> {
  return (await openLog(file)) ?? (await openLog(`${file}.fail`));
}

async function factsOf(file: string): Promise<Facts | undefined> {
  const log = await open(file);
  await log?.handle.close();
  return log;
}

async function readPart(file: string, start: number): Promise<LogPart | undefined> {
  const log = await open(file);
  if (log === undefined) return undefined;
  const { handle, size, identity } = log;
  try {
    const buffer = Buffer.allocUnsafe(Math.max(Math.min(partBytes, size - start), 0));
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, start);
    const bytes = buffer.subarray(0, bytesRead);
    return { bytes, size, identity, hole: bytes.includes(0) ? await findHole(handle, log) : undefined };
  } finally {
    await handle.close();
  }
}

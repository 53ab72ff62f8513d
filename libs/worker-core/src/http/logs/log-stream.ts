import { basename, join } from 'node:path';
import type { EventStream } from '@tunasync/http';
import { sseEvent, type Clock, type SseEvent } from '@tunasync/protocol';
import { openLog, readLogEnd } from '@tunasync/run-log';
import { sleep } from '@tunasync/util';
import type { JobSnapshot } from '../../interfaces/worker.js';
import { plainLogName } from './find-log.js';
import { LogLineReader, type LogLines } from './log-lines.js';
import type { LogWatch, WatchedLog } from './log-watch.js';

/** What a {@link LogStream} is made of. */
export interface LogStreamOptions {
  /** Folder of the logs. */
  dir: string;
  watch: LogWatch;
  /** Lines that come first. */
  tail: number;
  /** Where to begin, such as the last event that the reader got from an earlier stream: `<log>:<offset>`. */
  resume: string | undefined;
  output: EventStream;
  clock: Clock;
  /** The mirror as it is now; undefined when it is there no more. */
  job: () => JobSnapshot | undefined;
}

/** Milliseconds between two looks at the log. */
const pollMs = 250;
/** Milliseconds after which a quiet log may not be the newest one any more. */
const relistMs = 1000;
/** Milliseconds of silence after which proxies and readers are told that all is well. */
const quietMs = 5000;
/** Bytes that a slow reader may be behind, and where it goes on when it is more. */
const mostBehind = 4 << 20;
const keptOfBehind = 1 << 16;

/**
 * Sends the newest log of a mirror as server-sent events while it is written, and goes on with that of the next
 * attempt. Events: lines as messages; `update` is what a line shows that is not complete; `log` tells which log follows
 * (`reason`: `start`, `resume`, `next`, `truncated`, `replaced`); `gone` that it was deleted; `lag` that a reader was so slow that lines
 * were left out; `end` that nothing follows. What a reader does not take stays on the disk.
 */
export class LogStream {
  readonly #options: LogStreamOptions;
  #reader: LogLineReader | undefined;
  /** The log that is followed, as it was in the list. */
  #followed: WatchedLog | undefined;
  #isGone = false;
  #isOver = false;
  #lookedAt = 0;
  #toldAt = 0;
  #lastUpdate = '';

  constructor(options: LogStreamOptions) {
    this.#options = options;
  }

  /** Resolves when `signal` is aborted or the mirror is gone; rejects when the log cannot be read. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock } = this.#options;
    await this.#begin();
    while (!signal.aborted) {
      if (await this.#waitForReader(signal)) continue;
      const isBusy = await this.#step();
      if (this.#isOver) return;
      if (!isBusy) await sleep(clock, pollMs, signal);
    }
    this.tellEnd('the worker stops');
  }

  /** Says that nothing follows. */
  tellEnd(reason: string): void {
    this.#tell({ event: 'end', data: JSON.stringify({ reason }) });
  }

  async #begin(): Promise<void> {
    const { resume = '', tail } = this.#options;
    const at = resume.lastIndexOf(':');
    const [name, offset] = [resume.slice(0, at), resume.slice(at + 1)];
    if (at > 0 && /^\d{1,15}$/.test(offset)) {
      const known = (await this.#logs(true)).find((log) => log.name === plainLogName(name));
      if (known !== undefined && Number(offset) <= known.size) {
        this.#follow(known, Number(offset), 'resume');
        return;
      }
      this.#tell({ event: 'lag', data: JSON.stringify({ log: name }) });
    }
    const [newest] = await this.#logs(true);
    const log = newest === undefined ? undefined : await openLog(newest.file);
    if (newest === undefined || log === undefined) return;
    try {
      this.#follow(newest, (await readLogEnd(log, tail)).start, 'start');
    } finally {
      await log.handle.close();
    }
  }

  /** Whether there is more to be done at once. */
  async #step(): Promise<boolean> {
    const read = await this.#reader?.read();
    if (read !== undefined && this.#reader !== undefined) {
      this.#isGone = false;
      const { lines, more, restarted, skipped } = read;
      if (restarted !== undefined) this.#tellLog(0, restarted);
      if (skipped > 0) this.#tellLag(skipped);
      this.#send(read);
      if (lines.length > 0 || more) return true;
    } else if (this.#reader !== undefined && !this.#isGone) {
      this.#isGone = true;
      this.#tell({ event: 'gone', data: JSON.stringify({ log: basename(this.#reader.file) }) });
    }
    const now = this.#options.clock.now();
    if (now - this.#toldAt >= quietMs) this.#write(':\n\n');
    if (now - this.#lookedAt < relistMs) return false;
    this.#lookedAt = now;
    return this.#lookForNext();
  }

  async #lookForNext(): Promise<boolean> {
    if (this.#options.job() === undefined) {
      this.tellEnd('the mirror is not configured any more');
      this.#isOver = true;
      return false;
    }
    const next = nextOf(await this.#logs(), this.#followed);
    if (next === undefined) return false;
    // what was written in the meantime comes first
    const rest = await this.#reader?.read(true);
    if (rest !== undefined) this.#send(rest);
    if (rest?.more === true) return true;
    this.#follow(next, 0, this.#reader === undefined ? 'start' : 'next');
    return true;
  }

  #send({ lines, update }: LogLines): void {
    let text = lines.map((line) => sseEvent({ id: this.#id(line.end), data: line.text })).join('');
    if (lines.length > 0) this.#lastUpdate = '';
    if (update !== undefined && update.text !== this.#lastUpdate) {
      this.#lastUpdate = update.text;
      text += sseEvent({ event: 'update', id: this.#id(update.end), data: update.text });
    }
    if (text !== '') this.#write(text);
  }

  /** Whether there was something to wait for. */
  async #waitForReader(signal: AbortSignal): Promise<boolean> {
    const { clock, output } = this.#options;
    if (!output.isHeld) return false;
    await output.drained(clock, signal);
    const bytes = signal.aborted ? 0 : ((await this.#reader?.catchUp(mostBehind, keptOfBehind)) ?? 0);
    if (bytes > 0) this.#tellLag(bytes);
    return true;
  }

  #follow(log: WatchedLog, position: number, reason: string): void {
    const { dir, watch } = this.#options;
    this.#followed = log;
    this.#reader = new LogLineReader(watch, join(dir, log.name), position);
    this.#isGone = false;
    this.#lastUpdate = '';
    this.#tellLog(position, reason);
  }

  #tellLag(bytes: number): void {
    this.#tell({ event: 'lag', data: JSON.stringify({ log: this.#name, bytes }) });
  }

  #tellLog(position: number, reason: string): void {
    const data = JSON.stringify({ log: this.#name, from: position, reason });
    this.#tell({ event: 'log', id: this.#id(position), data });
  }

  /** Newest first. The one that is written is the newest, also when the clock was set back since the last one. */
  async #logs(isFresh = false): Promise<readonly WatchedLog[]> {
    const { job, watch } = this.#options;
    const logs = await watch.logs(isFresh);
    const live = job()?.log;
    if (live === undefined) return logs;
    const name = plainLogName(basename(live.file));
    return [...logs.filter((log) => log.name === name), ...logs.filter((log) => log.name !== name)];
  }

  get #name(): string {
    return this.#reader === undefined ? '' : basename(this.#reader.file);
  }

  #id(offset: number): string {
    return `${this.#name}:${offset}`;
  }

  #tell(event: SseEvent): void {
    this.#write(sseEvent(event));
  }

  #write(text: string): void {
    this.#toldAt = this.#options.clock.now();
    this.#options.output.write(text);
  }
}

/** The log that follows another one; of several attempts that began meanwhile none is left out. */
function nextOf(logs: readonly WatchedLog[], followed: WatchedLog | undefined): WatchedLog | undefined {
  if (followed === undefined) return logs[0];
  const current = logs.findIndex(({ name }) => name === followed.name);
  if (current !== -1) return logs[current - 1];
  // it is gone: what is older was never asked for
  return logs
    .filter(({ n, time }) => time > followed.time || (time === followed.time && n > followed.n))
    .at(-1);
}

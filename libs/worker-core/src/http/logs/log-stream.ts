import { basename, join } from 'node:path';
import type { EventStream } from '@tunasync/http';
import { sseEvent, type Clock, type SseEvent } from '@tunasync/protocol';
import { openLog, readLogEnd } from '@tunasync/run-log';
import { sleep } from '@tunasync/util';
import type { JobSnapshot } from '../../interfaces/worker.js';
import { plainLogName } from './find-log.js';
import { LogLineReader, type LogLines } from './log-lines.js';
import type { LogWatch, WatchedLog } from './log-watch.js';

/** Options of a {@link LogStream}. */
export interface LogStreamOptions {
  /** Folder of the logs. */
  dir: string;
  watch: LogWatch;
  /** Number of old lines that are sent first. */
  tail: number;
  /** Where to begin, as `<log>:<offset>`: for example the last event that the reader got from an earlier stream. */
  resume: string | undefined;
  output: EventStream;
  clock: Clock;
  /** Returns the mirror as it is now; undefined when it is no longer configured. */
  job: () => JobSnapshot | undefined;
}

/** Milliseconds between two checks of the log. */
const pollMs = 250;
/** Milliseconds after which a quiet log may no longer be the newest one. */
const relistMs = 1000;
/** Milliseconds of silence after which a comment shows proxies and readers that the stream is alive. */
const quietMs = 5000;
/** Bytes that a slow reader may lag behind, and the distance from the end at which it continues when it lags more. */
const mostBehind = 4 << 20;
const keptOfBehind = 1 << 16;

/**
 * Sends the newest log of a mirror as server-sent events while it is written, and continues with the log of the
 * next attempt. Lines are sent as messages. Other events: `update` is the current text of an incomplete line;
 * `log` names the log that follows (`reason`: `start`, `resume`, `next`, `truncated`, `replaced`); `gone` reports
 * that it was deleted; `lag` that lines were skipped because the reader was too slow; `end` that nothing follows.
 * Data that the reader has not taken stay on the disk.
 */
export class LogStream {
  readonly #options: LogStreamOptions;
  #reader: LogLineReader | undefined;
  /** The log that is followed, as it was listed. */
  #followed: WatchedLog | undefined;
  #isGone = false;
  #isOver = false;
  #lookedAt = 0;
  #sentAt = 0;
  #lastUpdate = '';

  constructor(options: LogStreamOptions) {
    this.#options = options;
  }

  /** Resolves when `signal` is aborted or the mirror is gone. Rejects when the log cannot be read. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock } = this.#options;
    await this.#begin();
    while (!signal.aborted) {
      if (await this.#waitForReader(signal)) continue;
      const isBusy = await this.#step();
      if (this.#isOver) return;
      if (!isBusy) await sleep(clock, pollMs, signal);
    }
    this.sendEnd('the worker stops');
  }

  /** Reports that nothing follows. */
  sendEnd(reason: string): void {
    this.#sendEvent({ event: 'end', data: JSON.stringify({ reason }) });
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
      this.#sendEvent({ event: 'lag', data: JSON.stringify({ log: name }) });
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

  /** Reports whether there is more to do immediately. */
  async #step(): Promise<boolean> {
    const read = await this.#reader?.read();
    if (read !== undefined && this.#reader !== undefined) {
      this.#isGone = false;
      const { lines, more, restarted, skipped } = read;
      if (restarted !== undefined) this.#sendLog(0, restarted);
      if (skipped > 0) this.#sendLag(skipped);
      this.#send(read);
      if (lines.length > 0 || more) return true;
    } else if (this.#reader !== undefined && !this.#isGone) {
      this.#isGone = true;
      this.#sendEvent({ event: 'gone', data: JSON.stringify({ log: basename(this.#reader.file) }) });
    }
    const now = this.#options.clock.now();
    if (now - this.#sentAt >= quietMs) this.#write(':\n\n');
    if (now - this.#lookedAt < relistMs) return false;
    this.#lookedAt = now;
    return this.#lookForNext();
  }

  async #lookForNext(): Promise<boolean> {
    if (this.#options.job() === undefined) {
      this.sendEnd('the mirror is not configured any more');
      this.#isOver = true;
      return false;
    }
    const next = nextOf(await this.#logs(), this.#followed);
    if (next === undefined) return false;
    // the rest of the previous log comes first
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

  /** Reports whether it had to wait. */
  async #waitForReader(signal: AbortSignal): Promise<boolean> {
    const { clock, output } = this.#options;
    if (!output.isHeld) return false;
    await output.drained(clock, signal);
    const bytes = signal.aborted ? 0 : ((await this.#reader?.catchUp(mostBehind, keptOfBehind)) ?? 0);
    if (bytes > 0) this.#sendLag(bytes);
    return true;
  }

  #follow(log: WatchedLog, position: number, reason: string): void {
    const { dir, watch } = this.#options;
    this.#followed = log;
    this.#reader = new LogLineReader(watch, join(dir, log.name), position);
    this.#isGone = false;
    this.#lastUpdate = '';
    this.#sendLog(position, reason);
  }

  #sendLag(bytes: number): void {
    this.#sendEvent({ event: 'lag', data: JSON.stringify({ log: this.#name, bytes }) });
  }

  #sendLog(position: number, reason: string): void {
    const data = JSON.stringify({ log: this.#name, from: position, reason });
    this.#sendEvent({ event: 'log', id: this.#id(position), data });
  }

  /**
   * Newest first. The log that is being written counts as the newest even if the clock was set back since the last
   * one.
   */
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

  #sendEvent(event: SseEvent): void {
    this.#write(sseEvent(event));
  }

  #write(text: string): void {
    this.#sentAt = this.#options.clock.now();
    this.#options.output.write(text);
  }
}

/** The log that comes after another one. When several attempts began since then, none is skipped. */
function nextOf(logs: readonly WatchedLog[], followed: WatchedLog | undefined): WatchedLog | undefined {
  if (followed === undefined) return logs[0];
  const current = logs.findIndex(({ name }) => name === followed.name);
  if (current !== -1) return logs[current - 1];
  // the log is gone: older ones are not news
  return logs
    .filter(({ n, time }) => time > followed.time || (time === followed.time && n > followed.n))
    .at(-1);
}

import { rename, rm, writeFile } from 'node:fs/promises';
import type { Logger } from '@tunasync/logger';
import { messageOf, type Clock, type ClockTimer } from '@tunasync/protocol';

/** Milliseconds between two writes. */
const shortestIntervalMs = 1000;
/** Milliseconds until a write that failed is tried again. */
const retryMs = 5_000;

/** Options of {@link StatusFile}. */
export interface StatusFileOptions {
  path: string;
  /** What the file is to hold now. */
  content: () => Buffer;
  logger: Logger;
  clock: Clock;
}

/** A file that holds the body of `GET /jobs`: always a whole one, and at most a second old. */
export class StatusFile {
  readonly #options: StatusFileOptions;
  readonly #temporary: string;
  #timer: ClockTimer | undefined;
  #writing: Promise<void> | undefined;
  #dirty = false;
  #failing = false;
  #closed = false;

  constructor(options: StatusFileOptions) {
    this.#options = options;
    this.#temporary = `${options.path}.${process.pid}.tmp`;
  }

  /** The content changed: it is written now, or a second after the last write. */
  changed(): void {
    this.#dirty = true;
    if (this.#timer === undefined && this.#writing === undefined && !this.#closed) this.#write();
  }

  /** Resolves when the last content is written, or cannot be; nothing is written after. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#disarm();
    await this.#writing;
    this.#disarm();
    if (!this.#dirty) return;
    this.#write();
    await this.#writing;
    this.#disarm();
  }

  #write(): void {
    this.#dirty = false;
    this.#writing = this.#replace()
      .then(
        () => {
          if (this.#failing) this.#options.logger.notice(`Writing ${this.#options.path} works again`);
          this.#failing = false;
          this.#arm(shortestIntervalMs);
        },
        (error: unknown) => {
          if (!this.#failing) {
            this.#options.logger.warn(
              `Cannot write the status file ${this.#options.path}: ${messageOf(error)}`,
            );
          }
          this.#failing = true;
          this.#dirty = true;
          this.#arm(retryMs);
        },
      )
      .finally(() => (this.#writing = undefined));
  }

  async #replace(): Promise<void> {
    const { path, content } = this.#options;
    try {
      await writeFile(this.#temporary, content(), { mode: 0o644 });
      await rename(this.#temporary, path);
    } catch (error) {
      await rm(this.#temporary, { force: true }).catch(() => undefined);
      throw error;
    }
  }

  #arm(ms: number): void {
    if (this.#closed) return;
    this.#timer = this.#options.clock.after(
      ms,
      () => {
        this.#disarm();
        if (this.#dirty) this.#write();
      },
      { unref: true },
    );
  }

  #disarm(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }
}

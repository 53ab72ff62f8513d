import type { Logger } from '@tunasync/logger';
import { messageOf, systemClock, type Clock, type ClockTimer } from '@tunasync/protocol';
import { nodeScheduleChores, type ScheduleChore } from './chore.js';
import { TlsFilesError } from './errors.js';
import { readUnit, stampOf, textsOf, unitsOf, type Unit, type UnitContent } from './read-unit.js';
import type { TlsFiles, TlsTexts } from './tls-files.js';
import { dayOf, expiryWarning, validityProblem } from './validity-text.js';

/** Options of {@link watchCertificates}. */
export interface CertificateWatchOptions {
  files: TlsFiles;
  logger: Pick<Logger, 'notice' | 'warn'>;
  /** @defaultValue the machine's clock */
  clock?: Clock | undefined;
  /** Calls the watch every half minute, and every day. @defaultValue by node-schedule */
  scheduleChore?: ScheduleChore | undefined;
  /**
   * Milliseconds until files that cannot be used are looked at once more before anybody hears of it: a certificate
   * and its key are two files, and are not replaced at the same instant.
   * @defaultValue 1000
   */
  settleMs?: number | undefined;
}

/** Certificates and keys that are in force, and stay so until there are good ones to replace them. */
export interface CertificateWatch extends Disposable {
  readonly texts: TlsTexts;
  /** Calls `listener` whenever other files have come into force. Gives what ends that. */
  onChange(listener: (texts: TlsTexts) => void): () => void;
  /** Looks at the files now. Resolves when what is new in them is in force, or was warned of. Never rejects. */
  check(): Promise<void>;
  /** Looks no more. Repeated calls change nothing. */
  close(): void;
}

/** Every 30 s. */
const checkRule = '*/30 * * * * *';
/** Every day at nine, when somebody reads it. */
const expiryRule = '0 9 * * *';

interface Watched {
  readonly unit: Unit;
  content: UnitContent;
  /** Of the files that {@link content} comes from. */
  stamp: string;
  /** What is wrong with newer files, and was warned of. */
  warned: string | undefined;
}

/**
 * Reads certificates and keys, and keeps an eye on their files: new ones that can be used come into force within half
 * a minute. Broken ones change nothing and are warned of once; so are, every day, certificates that expire within 14
 * days. Files that are replaced by a rename or by another target of a symbolic link are noticed like any others.
 *
 * @throws TlsFilesError `TLS_FILES_INVALID` that names all that cannot be used now
 */
export async function watchCertificates(options: CertificateWatchOptions): Promise<CertificateWatch> {
  const watched: Watched[] = [];
  const problems: string[] = [];
  for (const unit of unitsOf(options.files)) {
    // before reading: a file that changes meanwhile is read again
    const stamp = await stampOf(unit);
    const content = await readUnit(unit);
    if ('problems' in content) problems.push(...content.problems);
    else watched.push({ unit, content, stamp, warned: undefined });
  }
  if (problems.length > 0) throw new TlsFilesError(problems);
  const schedule = watched.length === 0 ? undefined : (options.scheduleChore ?? (await nodeScheduleChores()));
  return new FileWatch(watched, options, schedule);
}

class FileWatch implements CertificateWatch {
  readonly #watched: readonly Watched[];
  readonly #logger: CertificateWatchOptions['logger'];
  readonly #clock: Clock;
  readonly #settleMs: number;
  readonly #chores: { cancel(): void }[] = [];
  readonly #listeners = new Set<(texts: TlsTexts) => void>();
  #texts: TlsTexts;
  #closed = false;
  /** The look that is under way, and the one that was asked for since it began. */
  #current: Promise<void> | undefined;
  #next: Promise<void> | undefined;
  #pause: { timer: ClockTimer; end: () => void } | undefined;

  constructor(
    watched: readonly Watched[],
    options: CertificateWatchOptions,
    schedule: ScheduleChore | undefined,
  ) {
    const { logger, clock = systemClock, settleMs = 1000 } = options;
    this.#watched = watched;
    this.#logger = logger;
    this.#clock = clock;
    this.#settleMs = settleMs;
    this.#texts = this.#textsInForce();
    if (schedule === undefined) return;
    this.#warnOfExpiry();
    this.#chores.push(
      schedule(checkRule, () => {
        if (this.#current === undefined) void this.check();
      }),
      schedule(expiryRule, () => {
        this.#warnOfExpiry();
      }),
    );
  }

  get texts(): TlsTexts {
    return this.#texts;
  }

  onChange(listener: (texts: TlsTexts) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  check(): Promise<void> {
    if (this.#current === undefined) {
      this.#current = this.#look().finally(() => {
        this.#current = undefined;
      });
      return this.#current;
    }
    // what has changed since the look under way began may have been overlooked by it
    this.#next ??= this.#current.then(() => {
      this.#next = undefined;
      return this.check();
    });
    return this.#next;
  }

  close(): void {
    this.#closed = true;
    for (const chore of this.#chores.splice(0)) chore.cancel();
    this.#pause?.timer.cancel();
    this.#pause?.end();
    this.#listeners.clear();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  async #look(): Promise<void> {
    let changed = false;
    for (const watched of this.#watched) {
      if (this.#closed) return;
      if (await this.#renew(watched)) changed = true;
    }
    if (!changed || this.#isClosed()) return;
    this.#texts = this.#textsInForce();
    for (const listener of this.#listeners) {
      try {
        listener(this.#texts);
      } catch (error) {
        this.#logger.warn(`new certificates could not be taken over: ${messageOf(error)}`);
      }
    }
  }

  /** Gives true when other texts than before are in force. */
  async #renew(watched: Watched): Promise<boolean> {
    const { unit } = watched;
    let stamp = await stampOf(unit);
    // what was broken may have become good without a change: its time may have come
    if (stamp === watched.stamp && watched.warned === undefined) return false;
    let found = await this.#usable(watched);
    if ('problem' in found && found.problem !== watched.warned) {
      await this.#settle();
      if (this.#isClosed()) return false;
      stamp = await stampOf(unit);
      found = await this.#usable(watched);
    }
    if ('problem' in found) {
      if (found.problem !== watched.warned) {
        this.#logger.warn(`${found.problem}; what was there before stays in force`);
      }
      watched.warned = found.problem;
      return false;
    }
    const same = JSON.stringify(found.text) === JSON.stringify(watched.content.text);
    watched.warned = undefined;
    watched.stamp = stamp;
    watched.content = found;
    if (same) return false;
    const [{ key, file }] = unit.files;
    this.#logger.notice(`${key}: ${file} is in force anew, valid until ${dayOf(found.validity.to)}`);
    this.#warnOf(watched);
    return true;
  }

  /** The content of a unit's files, or why it does not take the place of what is in force. */
  async #usable({ unit, content }: Watched): Promise<UnitContent | { problem: string }> {
    const read = await readUnit(unit);
    if ('problems' in read) return { problem: read.problems.join('; ') };
    const now = this.#clock.now();
    const problem = validityProblem(unit, read.validity, now);
    // of two that do not hold, the newer one is as good
    if (problem !== undefined && validityProblem(unit, content.validity, now) === undefined) {
      return { problem };
    }
    return read;
  }

  #settle(): Promise<void> {
    return new Promise((resolve) => {
      const timer = this.#clock.after(this.#settleMs, resolve, { unref: true });
      this.#pause = { timer, end: resolve };
    });
  }

  /** Not narrowed by the compiler: it may have become true while something was awaited. */
  #isClosed(): boolean {
    return this.#closed;
  }

  #textsInForce(): TlsTexts {
    return textsOf(this.#watched.map(({ unit, content }) => [unit, content]));
  }

  #warnOfExpiry(): void {
    for (const watched of this.#watched) this.#warnOf(watched);
  }

  #warnOf({ unit, content: { validity } }: Watched): void {
    const now = this.#clock.now();
    const problem = validityProblem(unit, validity, now) ?? expiryWarning(unit, validity, now);
    if (problem !== undefined) this.#logger.warn(problem);
  }
}

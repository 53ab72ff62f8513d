import { toUnixMillis, zeroTime, zeroTimeUnix, type MirrorStatus, type WireTime } from '@tunasync/protocol';

/** What is read out of a status, for sorting and searching. Instants are milliseconds since the Unix epoch, 0 is never. */
export interface ReadStatus {
  readonly lastUpdate: number;
  readonly lastStarted: number;
  readonly lastEnded: number;
  readonly nextSchedule: number;
  /** From when on the job is stale, unless it succeeds; `Infinity`: never. */
  readonly staleAt: number;
  /** How long the last run took, in milliseconds; undefined: it never ran, or is running. */
  readonly duration: number | undefined;
  /** Bytes of the human size; undefined when nobody knows it. */
  readonly size: number | undefined;
}

/** A job of the manager, with what is read out of its status once and not at every request. */
export class JobEntry {
  /** The status as it is stored. */
  status: Readonly<MirrorStatus>;
  /** Since when the job is known: a job without a success is judged by that. */
  readonly #since: number;
  #read: ReadStatus | undefined;
  #text: string | undefined;

  /** @param now - milliseconds since the Unix epoch */
  constructor(status: Readonly<MirrorStatus>, now: number) {
    this.status = status;
    const told = [millis(status.last_started), millis(status.last_ended)].filter((time) => time > 0);
    this.#since = Math.min(now, ...told);
  }

  /** The job has another status. */
  update(status: Readonly<MirrorStatus>): void {
    this.status = status;
    this.#read = undefined;
    this.#text = undefined;
  }

  get read(): ReadStatus {
    return (this.#read ??= readStatus(this.status, this.#since));
  }

  /** Name and upstream, in lower case, with a line between them. */
  get text(): string {
    return (this.#text ??= `${this.status.name}\n${this.status.upstream}`.toLowerCase());
  }

  /** Whether the last success is longer ago than the mirror allows. */
  isStale(now: number): boolean {
    return now >= this.read.staleAt;
  }

  /** The status with what is true of `stale` now. */
  statusAt(now: number): Readonly<MirrorStatus> {
    const { status } = this;
    const stale = this.isStale(now);
    if (stale === (status.stale === true)) return status;
    if (stale) return { ...status, stale };
    const { stale: _, ...others } = status;
    return others;
  }
}

function readStatus(status: Readonly<MirrorStatus>, since: number): ReadStatus {
  const lastUpdate = millis(status.last_update);
  const lastStarted = millis(status.last_started);
  const lastEnded = millis(status.last_ended);
  return {
    lastUpdate,
    lastStarted,
    lastEnded,
    nextSchedule: millis(status.next_schedule),
    staleAt: staleAtOf(status, lastUpdate === 0 ? since : lastUpdate),
    duration: lastStarted > 0 && lastEnded >= lastStarted ? lastEnded - lastStarted : undefined,
    size: bytesOf(status.size),
  };
}

/** @param from - the last success, in milliseconds since the Unix epoch */
function staleAtOf({ status, stale, stale_after }: Readonly<MirrorStatus>, from: number): number {
  // nobody expects anything of these
  if (status === 'paused' || status === 'disabled') return Number.POSITIVE_INFINITY;
  if (stale_after !== undefined && stale_after > 0) return from + stale_after * 1000;
  // what a worker says itself holds until it says something else
  return stale === true ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}

/** What is stored is a time: the engine's own parser is enough, and much faster where there are 10,000 of them. */
function millis(time: WireTime): number {
  if (time === zeroTime) return 0;
  const parsed = Date.parse(time);
  const unixMillis = Number.isNaN(parsed) ? toUnixMillis(time) : parsed;
  return unixMillis <= zeroTimeUnix * 1000 ? 0 : unixMillis;
}

const units = 'kmgtpe';

/** Bytes of a human size such as `1.33T`; undefined for what is none, such as `unknown`. */
function bytesOf(size: string): number | undefined {
  const [, digits, unit = ''] = /^([\d.,]+)\s*([kmgtpe]?)(?:i?b)?$/i.exec(size.trim()) ?? [];
  if (digits === undefined) return undefined;
  const number = Number(digits.replaceAll(',', ''));
  return Number.isNaN(number)
    ? undefined
    : number * 1024 ** (unit === '' ? 0 : units.indexOf(unit.toLowerCase()) + 1);
}

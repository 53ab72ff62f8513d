import type { FailureReason, RunFacts } from '@tunasync/providers';

/**
 * A stable word for why a run (or an attempt) ended so; part of its record.
 *
 * Beside those of providers: `ok`; `killed`: somebody ended it; `timeout`; `hook`: a hook failed; `start-failed`: a
 * command could not be started, or the mirror's configuration is unusable; `crashed`: the worker or the machine
 * went down, and nobody knows how the command ended.
 */
export type RunReason = FailureReason | 'ok' | 'killed' | 'timeout' | 'hook' | 'start-failed' | 'crashed';

/** What an attempt is remembered by, whatever came of it. */
export interface AttemptFacts {
  readonly reason: RunReason;
  /** Of its last command; null when a signal ended that or none was run. */
  readonly exitCode: number | null;
  readonly facts: RunFacts;
  /**
   * When the last command ended, milliseconds since the Unix epoch: only where that was while no worker was there to see
   * it.
   */
  readonly endedAt?: number | undefined;
}

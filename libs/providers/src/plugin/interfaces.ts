import type { MirrorConfig } from '@tunasync/config';
import type { CommandSpec, ExitResult } from '@tunasync/executors';
import type { Clock } from '@tunasync/protocol';
import type { z } from 'zod';

/** One attempt of a sync, as a provider sees it. */
export interface Attempt {
  /** The attempt's own log file. */
  logFile: string;
  /** Folder of {@link logFile}. */
  logDir: string;
  /** Aborted when the run is being stopped: reading the result should not take long any more. @defaultValue never */
  signal?: AbortSignal;
}

/** What an attempt did, as far as its output tells; whole numbers, not negative. */
export interface RunFacts {
  /** Bytes received, over all commands of the attempt. */
  bytesTransferred?: number;
  /** Files transferred. */
  files?: number;
  /** Files deleted. */
  deletions?: number;
  /** Size of the whole mirror, in bytes. */
  totalBytes?: number;
}

/**
 * Why an attempt failed, in a word that stays the same.
 *
 * - `exit-code`, `signal`: how its last command ended
 * - `end-not-seen`: nobody saw how it ended
 * - `not-runnable`: a shell found no such program, or may not run it
 * - `out-of-memory`: over its memory limit
 * - `upstream-refused`: the upstream asked to come back later; no fault of the mirror's
 * - `fail-on-match`: the log has what `fail_on_match` looks for
 * - `log-unreadable`: the log could not be searched for it
 */
export type FailureReason =
  | 'exit-code'
  | 'signal'
  | 'end-not-seen'
  | 'not-runnable'
  | 'out-of-memory'
  | 'upstream-refused'
  | 'fail-on-match'
  | 'log-unreadable';

/** What became of an attempt whose commands have all been run (or of which one failed). */
export type AttemptOutcome =
  | {
      ok: true;
      /** Human size such as `1.33T` when the provider could tell it. */
      size?: string;
      /** @defaultValue nothing is known */
      facts?: RunFacts;
    }
  | {
      ok: false;
      /** Why, as it goes into `error_msg`: starts with `exit status N`, `signal: killed`, …. */
      message: string;
      /** @defaultValue the exit code or the signal tells enough */
      reason?: FailureReason;
      /** @defaultValue nothing is known */
      facts?: RunFacts;
    };

/** How far a running attempt is. What is not known is left out, never guessed. */
export interface Progress {
  /** 0 to 100: how much of the list of files has been gone through. */
  percent?: number;
  /** Received so far, in the whole attempt. */
  bytes?: number;
  /** Files transferred so far, in the whole attempt. */
  files?: number;
  /** Bytes per second, smoothed over some ten seconds. */
  rate?: number;
  /** Seconds that are left, if it goes on as in the last minutes. */
  eta?: number;
}

/** A command under way, as {@link Provider.watch} sees it. */
export interface ProgressRun {
  /** The attempt's own log file. */
  logFile: string;
  /** Which of the attempt's commands it is, from 0. @defaultValue 0 */
  command?: number;
  /** How far the attempt was at the end of the command before. @defaultValue nothing was done */
  earlier?: Progress | undefined;
  /** Pids of this machine that belong to the command now, as an `Execution` tells them; empty when they cannot be known. */
  processes: () => Promise<readonly number[]>;
  clock: Clock;
  /** Told at most once a second. Must not throw. */
  onProgress: (progress: Progress) => void;
}

/** What {@link Provider.watch} began. */
export interface ProgressWatch {
  /** Ends it: nothing is told any more. Repeated calls change nothing. */
  stop: () => void;
}

/** Turns one mirror's configuration into commands and reads their results. */
export interface Provider {
  /** Name of the plug-in, for example `rsync`. */
  readonly name: string;
  /**
   * The commands of one attempt: run one after the other until one fails. The same for the same attempt, whoever
   * asks: after a crash another process asks again to know what comes next.
   */
  commands(attempt: Attempt): readonly [CommandSpec, ...CommandSpec[]];
  /** Whether the next command may run after this one's end (the allowed exit codes count as success). */
  succeeded(exit: ExitResult): boolean;
  /**
   * Reads the attempt's result once its last command has ended, from its log alone: another process may have
   * started it. `exit` is that command's.
   */
  inspect(attempt: Attempt, exit: ExitResult): Promise<AttemptOutcome>;
  /** Tells how far a command is until it is stopped; never throws. Absent: nothing can be known. */
  watch?(run: ProgressRun): ProgressWatch;
}

/** A kind of provider; what `provider = "<name>"` in a configuration file names. */
export interface ProviderPlugin {
  readonly name: string;
  /** Mirror keys of its own, beside the common ones; checked and inherited like ours. */
  readonly schema?: z.ZodObject;
  /** @throws a `TunasyncError` that says what is wrong with the mirror's configuration */
  create(mirror: MirrorConfig): Provider;
}

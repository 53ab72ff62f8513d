import type { MirrorConfig } from '@tunasync/config';
import type { CommandSpec, ExitResult } from '@tunasync/executors';
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

/** What became of an attempt whose commands have all been run (or of which one failed). */
export type AttemptOutcome =
  | {
      ok: true;
      /** Human size such as `1.33T` when the provider could tell it. */
      size?: string;
    }
  | {
      ok: false;
      /** Why, as it goes into `error_msg`: starts with `exit status N`, `signal: killed`, …. */
      message: string;
    };

/** Turns one mirror's configuration into commands and reads their results. */
export interface Provider {
  /** Name of the plug-in, for example `rsync`. */
  readonly name: string;
  /** The commands of one attempt: run one after the other until one fails. */
  commands(attempt: Attempt): readonly [CommandSpec, ...CommandSpec[]];
  /** Whether the next command may run after this one's end (the allowed exit codes count as success). */
  succeeded(exit: ExitResult): boolean;
  /** Reads the attempt's result once its last command has ended. `exit` is that command's. */
  inspect(attempt: Attempt, exit: ExitResult): Promise<AttemptOutcome>;
}

/** A kind of provider; what `provider = "<name>"` in a configuration file names. */
export interface ProviderPlugin {
  readonly name: string;
  /** Mirror keys of its own, beside the common ones; checked and inherited like ours. */
  readonly schema?: z.ZodObject;
  /** @throws a `TunasyncError` that says what is wrong with the mirror's configuration */
  create(mirror: MirrorConfig): Provider;
}

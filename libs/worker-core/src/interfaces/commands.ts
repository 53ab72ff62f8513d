import type { CmdVerb } from '@tunasync/protocol';

/** Answer to a command: what the HTTP server (or an embedder) passes on. */
export interface CommandResult {
  /** HTTP status: 200, 404 unknown mirror, 406 unusable command, 500 it failed. */
  status: 200 | 404 | 406 | 500;
  /** `OK` or why not. */
  message: string;
}

/** A command for one mirror, or `reload` with an empty name. */
export interface WorkerCommand {
  verb: CmdVerb;
  mirror: string;
  /** `start` only: go round the concurrency limit. */
  force?: boolean;
}

/** What takes commands: the engine, seen from the HTTP server. */
export interface CommandTarget {
  /** Resolves within 4 s, with the work going on behind if need be. Never rejects. */
  command(command: WorkerCommand): Promise<CommandResult>;
}

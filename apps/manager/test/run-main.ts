import { EventEmitter } from 'node:events';
import { PassThrough } from 'node:stream';
import type { ProcessHost } from '@tunasync/daemon';
import { waitFor } from '@tunasync/test-utils';
import { main } from '../src/index.js';

/** A process that records the calls it gets. */
class FakeProcess extends EventEmitter implements ProcessHost {
  readonly pid = 4711;
  readonly errors: string[] = [];
  exitCode: number | undefined;
  writeError(line: string): void {
    this.errors.push(line);
  }
  exit(code: number): void {
    this.exitCode ??= code;
  }
}

/** A run of `tunasync-manager` in this process. */
export interface MainRun {
  /** The text on standard output so far. */
  out(): string;
  readonly errors: readonly string[];
  signal(name: 'SIGTERM' | 'SIGINT' | 'SIGHUP'): void;
  /** Resolves to its address as soon as it listens. */
  url(): Promise<string>;
  /** Resolves to the exit code. */
  ended: Promise<number | undefined>;
}

export function runMain(...argv: string[]): MainRun {
  const host = new FakeProcess();
  const stdout = new PassThrough();
  let out = '';
  stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  return {
    out: () => out,
    errors: host.errors,
    signal: (name) => void host.emit(name),
    url: () => waitFor('the manager to listen', () => /Listening on (\S+)/.exec(out)?.[1]),
    ended: main({ argv, stdout, host }).then(() => host.exitCode),
  };
}

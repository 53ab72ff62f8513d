import { PassThrough } from 'node:stream';
import type { ProcessEvent, ProcessHost } from '@tunasync/daemon';
import { main } from '../src/index.js';

/** A run of `main` in a simulated process. */
export interface FakeRun {
  /** The lines on standard error. */
  readonly errors: string[];
  /** The text on standard output. */
  stdout(): string;
  signal(event: ProcessEvent): void;
  /** Resolves to the exit code when `main` has returned. */
  readonly exited: Promise<number>;
}

/** Calls `main` with these arguments. */
export function run(argv: readonly string[], env: Readonly<Record<string, string>> = {}): FakeRun {
  const listeners = new Map<ProcessEvent, Set<(reason: unknown) => void>>();
  const errors: string[] = [];
  const stdout = new PassThrough();
  let printed = '';
  stdout.setEncoding('utf8').on('data', (text: string) => (printed += text));
  let code = -1;
  const host: ProcessHost = {
    pid: 4711,
    on: (event, listener) => {
      const set = listeners.get(event) ?? new Set();
      listeners.set(event, set.add(listener));
    },
    off: (event, listener) => void listeners.get(event)?.delete(listener),
    writeError: (line) => void errors.push(...line.split('\n')),
    exit: (given) => {
      code = given;
    },
  };
  const path = process.env['PATH'] ?? '';
  return {
    errors,
    stdout: () => printed,
    signal: (event) => {
      for (const listener of listeners.get(event) ?? []) listener(event);
    },
    exited: main({ argv, env: { PATH: path, ...env }, stdout, host }).then(() => code),
  };
}

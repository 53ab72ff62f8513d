import type { ReadStream, WriteStream } from 'node:tty';
import { interrupt, type Terminal } from '@tunasync/ctl-core';

/** Signals at which a full-screen command puts the terminal in order before it ends. */
const endSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** The parts of a process that make its terminal. */
export type TerminalProcess = Pick<NodeJS.Process, 'env' | 'on' | 'off'> & {
  stdin: ReadStream;
  stdout: WriteStream;
};

/**
 * The terminal that standard output is; undefined for a pipe or a file. `NO_COLOR`, when it is not empty, and
 * `TERM=dumb` switch colours off. Source: no-color.org
 */
export function terminalOf(owner: TerminalProcess): Terminal | undefined {
  const { stdout, env } = owner;
  if (!isTerminal(stdout)) return undefined;
  return {
    // a terminal that does not know its size says 0
    columns: () => stdout.columns || 80,
    rows: () => stdout.rows || 24,
    colors: (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb',
    onResize: (listener) => {
      stdout.on('resize', listener);
      return () => {
        stdout.off('resize', listener);
      };
    },
    onInput: (listener) => takeKeyboard(owner, listener),
  };
}

/** The types of Node.js say that standard streams always are terminals. */
function isTerminal(stream: { isTTY?: boolean }): boolean {
  return stream.isTTY === true;
}

function takeKeyboard(owner: TerminalProcess, listener: (keys: string) => void): () => void {
  const { stdin } = owner;
  const onSignal = (): void => {
    listener(interrupt);
  };
  for (const signal of endSignals) owner.on(signal, onSignal);
  const keyboard = isTerminal(stdin);
  if (keyboard) {
    stdin.setRawMode(true);
    stdin.setEncoding('utf8').on('data', listener).resume();
  }
  return () => {
    for (const signal of endSignals) owner.off(signal, onSignal);
    if (!keyboard) return;
    stdin.off('data', listener).pause();
    stdin.setRawMode(false);
  };
}

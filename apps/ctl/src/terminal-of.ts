import type { ReadStream, WriteStream } from 'node:tty';
import { interrupt, type Terminal } from '@tunasync/ctl-core';

/** Signals at which a full-screen command restores the terminal before it ends. */
const endSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** The parts of a process that its terminal consists of. */
export type TerminalProcess = Pick<NodeJS.Process, 'env' | 'on' | 'off'> & {
  stdin: ReadStream;
  stdout: WriteStream;
};

/**
 * Returns the terminal on standard output; undefined for a pipe or a file. A non-empty `NO_COLOR` and `TERM=dumb`
 * switch colours off. Source: no-color.org
 */
export function terminalOf(owner: TerminalProcess): Terminal | undefined {
  const { stdout, env } = owner;
  if (!isTerminal(stdout)) return undefined;
  return {
    // a terminal of unknown size reports 0
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

/** Whether a stream is a terminal. The types of Node.js claim it of all standard streams. */
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

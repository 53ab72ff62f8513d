import type { TableOptions } from '../text/table.js';

/** The terminal on standard output. */
export interface Terminal {
  /** Returns its current width, in columns. */
  columns: () => number;
  /** Returns its current height, in lines. */
  rows: () => number;
  /** Calls `listener` whenever the size changes, until the returned function is called. */
  onResize: (listener: () => void) => () => void;
  /**
   * Takes over the keyboard: calls `listener` with each input, without echo. A signal that would end the program
   * counts as {@link interrupt}. The returned function releases the keyboard.
   */
  onInput: (listener: (keys: string) => void) => () => void;
  /** Whether colours are wanted. */
  colors: boolean;
}

/** The input of Ctrl-C. */
export const interrupt = '\u0003';

/** Returns the options of a table for standard output. */
export function tableOptions({ terminal }: { terminal: Terminal | undefined }): TableOptions {
  return { width: terminal?.columns(), colors: terminal?.colors };
}

import type { TableOptions } from '../text/table.js';

/** The terminal that standard output is. */
export interface Terminal {
  /** Its width now, in columns. */
  columns: () => number;
  /** Its height now, in lines. */
  rows: () => number;
  /** Calls `listener` whenever its size changes, until what it returns is called. */
  onResize: (listener: () => void) => () => void;
  /**
   * Takes the keyboard: calls `listener` with what is typed, unechoed, as it is typed. A signal that would end the
   * program counts as {@link interrupt}. What it returns gives the keyboard back.
   */
  onInput: (listener: (keys: string) => void) => () => void;
  /** Whether colours are wanted. */
  colors: boolean;
}

/** What Ctrl-C types. */
export const interrupt = '\u0003';

/** How a table is written for whoever reads standard output. */
export function tableOptions({ terminal }: { terminal: Terminal | undefined }): TableOptions {
  return { width: terminal?.columns(), colors: terminal?.colors };
}

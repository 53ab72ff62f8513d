import type { TableOptions } from './text/table.js';

/** The terminal that standard output is. */
export interface Terminal {
  /** Its width now, in columns. */
  columns: () => number;
  /** Whether colours are wanted. */
  colors: boolean;
}

/** How a table is written for whoever reads standard output. */
export function tableOptions({ terminal }: { terminal: Terminal | undefined }): TableOptions {
  return { width: terminal?.columns(), colors: terminal?.colors };
}

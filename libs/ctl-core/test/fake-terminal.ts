import type { Terminal } from '../src/index.js';

/** A terminal without a screen whose size and keyboard the test controls. */
export interface FakeTerminal extends Terminal {
  resize: (columns: number, rows: number) => void;
  /** @throws TypeError when there is no listener */
  type: (keys: string) => void;
  /** Whether a listener has the keyboard. */
  taken: () => boolean;
}

export function fakeTerminal(columns: number, rows: number, colors = false): FakeTerminal {
  let size = { columns, rows };
  const resized = new Set<() => void>();
  let listener: ((keys: string) => void) | undefined;
  return {
    columns: () => size.columns,
    rows: () => size.rows,
    colors,
    onResize: (callback) => {
      resized.add(callback);
      return () => resized.delete(callback);
    },
    onInput: (callback) => {
      listener = callback;
      return () => (listener = undefined);
    },
    resize: (newColumns, newRows) => {
      size = { columns: newColumns, rows: newRows };
      for (const callback of resized) callback();
    },
    type: (keys) => {
      if (listener === undefined) throw new TypeError('nobody has the keyboard');
      listener(keys);
    },
    taken: () => listener !== undefined || resized.size > 0,
  };
}

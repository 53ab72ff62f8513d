import { useCallback, useMemo, useState, type FocusEvent } from 'react';

/** The row that keys act on, which is the only tab stop. */
export interface RowCursor {
  current: number;
  /** The row that should get the focus. */
  wanted: { readonly index: number } | undefined;
  found: () => void;
  /** Moves to a row, with the focus. */
  moveTo: (index: number) => void;
  /** Makes a row the current one without moving the focus. */
  take: (index: number) => void;
  onFocus: (event: FocusEvent) => void;
}

/** The row that keys act on. */
export function useCursor(): RowCursor {
  const [current, setCurrent] = useState(0);
  const [wanted, setWanted] = useState<{ index: number }>();
  const found = useCallback(() => {
    setWanted(undefined);
  }, []);
  const moveTo = useCallback((index: number) => {
    setCurrent(index);
    setWanted({ index });
  }, []);
  const onFocus = useCallback((event: FocusEvent) => {
    const index = indexOf(event.target);
    if (index !== undefined) setCurrent(index);
  }, []);
  return useMemo(
    () => ({ current, wanted, found, moveTo, take: setCurrent, onFocus }),
    [current, wanted, found, moveTo, onFocus],
  );
}

/** Index of the row that contains an element. */
export function indexOf(target: EventTarget | null): number | undefined {
  if (!(target instanceof Element)) return undefined;
  const index = target.closest<HTMLElement>('[data-index]')?.dataset.index;
  return index === undefined ? undefined : Number(index);
}

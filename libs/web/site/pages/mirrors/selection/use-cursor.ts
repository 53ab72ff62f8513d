import { useCallback, useMemo, useState, type FocusEvent } from 'react';

/** Which row keys are for. One row is a tab stop: this one. */
export interface RowCursor {
  current: number;
  /** Where the focus is to go. */
  wanted: { readonly index: number } | undefined;
  found: () => void;
  /** Goes to a row, and has the focus go with it. */
  moveTo: (index: number) => void;
  /** Takes a row without moving the focus. */
  take: (index: number) => void;
  onFocus: (event: FocusEvent) => void;
}

/** The row that keys are for. */
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

/** The place of the row that something is in. */
export function indexOf(target: EventTarget | null): number | undefined {
  if (!(target instanceof Element)) return undefined;
  const index = target.closest<HTMLElement>('[data-index]')?.dataset.index;
  return index === undefined ? undefined : Number(index);
}

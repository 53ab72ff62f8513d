import { useEffect, useRef, useState, type FocusEvent, type PointerEvent } from 'react';
import { freshRows, holdRows, type HeldRow } from './held-list.js';

/** Milliseconds for which a list is held after a touch. */
const touchMs = 5000;

/** Handlers of a list that is held while it is in use. */
export interface HeldListProps {
  onPointerEnter: (event: PointerEvent) => void;
  onPointerLeave: (event: PointerEvent) => void;
  onPointerDown: (event: PointerEvent) => void;
  onFocus: () => void;
  onBlur: (event: FocusEvent<HTMLElement>) => void;
}

/**
 * Rows that hold still while the pointer or the focus is on them, so that no click hits a row that just moved
 * there.
 */
export function useHeldList<T>(
  items: readonly T[],
  keyOf: (item: T) => string,
): [rows: HeldRow<T>[], props: HeldListProps] {
  const [isOver, setOver] = useState(false);
  const [isFocused, setFocused] = useState(false);
  const isHeld = isOver || isFocused;
  const [shown, setShown] = useState({ items, isHeld, rows: freshRows(items, keyOf) });
  if (shown.items !== items || shown.isHeld !== isHeld) {
    const rows = isHeld ? holdRows(shown.rows, items, keyOf) : freshRows(items, keyOf);
    setShown({ items, isHeld, rows });
  }
  const touch = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(
    () => () => {
      clearTimeout(touch.current);
    },
    [],
  );
  return [
    shown.rows,
    {
      onPointerEnter: ({ pointerType }) => {
        if (pointerType === 'mouse') setOver(true);
      },
      onPointerLeave: ({ pointerType }) => {
        if (pointerType === 'mouse') setOver(false);
      },
      onPointerDown: ({ pointerType }) => {
        if (pointerType === 'mouse') return;
        setOver(true);
        clearTimeout(touch.current);
        touch.current = setTimeout(() => {
          setOver(false);
        }, touchMs);
      },
      onFocus: () => {
        setFocused(true);
      },
      onBlur: ({ currentTarget, relatedTarget }) => {
        if (!currentTarget.contains(relatedTarget)) setFocused(false);
      },
    },
  ];
}

import { useCallback, useLayoutEffect, useState, type RefObject } from 'react';
import { seenRows, type RowSpan } from './seen-rows.js';

/** The rows to render of a list below an element, while the page scrolls. All rows have the same height. */
export function useSeenRows(ref: RefObject<HTMLElement | null>, rowHeight: number, count: number): RowSpan {
  const [span, setSpan] = useState<RowSpan>([0, 0]);
  const measure = useCallback(() => {
    if (ref.current === null) return;
    const next = seenRows(ref.current.getBoundingClientRect().top, innerHeight, rowHeight, count);
    setSpan((before) => (before[0] === next[0] && before[1] === next[1] ? before : next));
  }, [ref, rowHeight, count]);
  useLayoutEffect(() => {
    measure();
    addEventListener('scroll', measure, { passive: true });
    addEventListener('resize', measure);
    return () => {
      removeEventListener('scroll', measure);
      removeEventListener('resize', measure);
    };
  }, [measure]);
  return [Math.min(span[0], count), Math.min(span[1], count)];
}

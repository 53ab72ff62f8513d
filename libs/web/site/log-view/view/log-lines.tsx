import { useVirtualizer, type Virtualizer } from '@tanstack/react-virtual';
import {
  useCallback,
  useEffect,
  useEffectEvent,
  useLayoutEffect,
  useRef,
  type CSSProperties,
  type JSX,
} from 'react';
import { useTranslation } from 'react-i18next';
import type { LogModel } from '../model/log-model.js';
import { isAtTail, type LogState } from '../model/log-state.js';
import classes from './log-lines.module.css';
import type { SeenBytes } from './place.js';
import { useIntent } from './use-intent.js';
import { itemAt, type ViewItem } from './view-items.js';

/** Props of {@link LogLines}. */
export interface LogLinesProps {
  name: string;
  model: LogModel;
  state: LogState;
  items: readonly ViewItem[];
  wrap: boolean;
  isNarrow: boolean;
  /** Renders an item. */
  render: (item: ViewItem) => JSX.Element;
  /** Highlights an item. */
  markOf: (item: ViewItem) => 'marked' | 'hit' | undefined;
  /** Receives the visible bytes. */
  onSeen: (seen: SeenBytes) => void;
  /** Handles keys other than those for scrolling. @returns whether it handled the key */
  onKey: (key: string) => boolean;
}

/** Height of a line without wrapping, pixels. */
const lineHeight = 20;
/** Lines above and below the visible part at which more is read, and that distance as a share of the window. */
const mostAhead = 400;
const partAhead = 0.2;

/** The lines of a log that are in memory. Only visible ones are in the page. */
export function LogLines(props: LogLinesProps): JSX.Element {
  const { name, model, state, items, wrap, render, markOf, onKey } = props;
  const { t } = useTranslation();
  const scroller = useRef<HTMLDivElement>(null);
  const lastTop = useRef(0);
  const { following } = state.follow;
  const letGo = useCallback(() => {
    const element = scroller.current;
    if (element !== null && element.scrollHeight > element.clientHeight)
      model.tell({ kind: 'scrolled', up: true, atEnd: false });
  }, [model]);
  const { handlers, isWanted } = useIntent(letGo);
  const keyOf = useCallback((index: number) => items[index]?.key ?? index, [items]);
  // eslint-disable-next-line react-hooks/incompatible-library -- nothing here is memoized by a compiler
  const virtualizer = useVirtualizer<HTMLDivElement, HTMLDivElement>({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => lineHeight,
    getItemKey: keyOf,
    overscan: 12,
    // lines that come and go at either edge of the window do not move the visible part
    anchorTo: 'end',
    followOnAppend: following,
    scrollEndThreshold: 40,
  });
  useWishes(virtualizer, props, scroller);
  useLayoutEffect(() => {
    if (following) virtualizer.scrollToEnd();
  }, [virtualizer, following, items]);
  const resized = useEffectEvent(() => {
    const element = scroller.current;
    if (following && element !== null) element.scrollTop = element.scrollHeight;
  });
  useEffect(() => {
    const observer = new ResizeObserver(() => {
      resized();
    });
    if (scroller.current !== null) observer.observe(scroller.current);
    return () => {
      observer.disconnect();
    };
  }, []);
  const { startIndex, endIndex } = virtualizer.range ?? { startIndex: 0, endIndex: 0 };
  useSeen(props, startIndex, endIndex);

  const scrolled = (): void => {
    const element = scroller.current;
    if (element === null) return;
    const up = element.scrollTop < lastTop.current;
    lastTop.current = element.scrollTop;
    const atEnd = element.scrollHeight - element.scrollTop - element.clientHeight < 4;
    if (isWanted() && (!following || up))
      model.tell({ kind: 'scrolled', up, atEnd: atEnd && isAtTail(state) });
  };
  const virtualItems = virtualizer.getVirtualItems();
  return (
    <div
      ref={scroller}
      className={classes.scroller}
      data-wrap={wrap}
      style={{ '--gutter': `${gutterWidth(items, props.isNarrow)}ch` } as CSSProperties}
      role="log"
      aria-live="off"
      aria-label={t('log.region', { name })}
      aria-busy={state.phase === 'loading'}
      tabIndex={0}
      onScroll={scrolled}
      {...handlers}
      onKeyDown={(event) => {
        if (event.ctrlKey || event.metaKey || event.altKey) return;
        // of a link or button in a line, which was clicked before
        if (event.key === 'Enter' && event.target !== event.currentTarget) return;
        if (event.key === 'j' || event.key === 'k') {
          event.currentTarget.scrollBy(0, event.key === 'j' ? lineHeight : -lineHeight);
        } else if (!onKey(event.key)) return;
        event.preventDefault();
      }}
    >
      <div className={classes.all} style={{ height: virtualizer.getTotalSize() }}>
        <div className={classes.seen} style={{ transform: `translateY(${virtualItems[0]?.start ?? 0}px)` }}>
          {virtualItems.map(({ index, key }) => {
            const item = items[index];
            if (item === undefined) return null;
            return (
              <div
                key={key}
                ref={wrap ? virtualizer.measureElement : undefined}
                data-index={index}
                data-mark={markOf(item)}
                className={classes.row}
              >
                {render(item)}
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}

/** Moves to the place that the model wants, and keeps the place when wrapping changes. */
function useWishes(
  virtualizer: Virtualizer<HTMLDivElement, HTMLDivElement>,
  { state: { wish }, items, wrap }: LogLinesProps,
  scroller: { current: HTMLDivElement | null },
): void {
  const go = useEffectEvent(() => {
    if (wish.id === 0) return;
    if (wish.align === 'end') {
      virtualizer.scrollToEnd();
      return;
    }
    const index = itemAt(items, wish.offset);
    const item = virtualizer.measurementsCache[index];
    const element = scroller.current;
    if (item === undefined || element === null) return;
    const isSeen =
      item.start >= element.scrollTop && item.end <= element.scrollTop + element.clientHeight - lineHeight;
    if (wish.align !== 'center' || !isSeen) virtualizer.scrollToIndex(index, { align: wish.align });
  });
  useLayoutEffect(() => {
    go();
  }, [wish.id]);
  const wasWrapped = useRef(wrap);
  const keepPlace = useEffectEvent(() => {
    const first = virtualizer.range?.startIndex ?? 0;
    virtualizer.measure();
    virtualizer.scrollToIndex(first, { align: 'start' });
  });
  useLayoutEffect(() => {
    if (wasWrapped.current === wrap) return;
    wasWrapped.current = wrap;
    keepPlace();
  }, [wrap]);
}

/** Reports the visible bytes, and reads more near the edges. */
function useSeen({ model, items, onSeen }: LogLinesProps, startIndex: number, endIndex: number): void {
  const from = offsetOf(items, startIndex, 'start');
  const to = offsetOf(items, endIndex, 'end');
  const tell = useEffectEvent(onSeen);
  useEffect(() => {
    tell({ from, to });
  }, [from, to]);
  useEffect(() => {
    const ahead = Math.min(mostAhead, Math.floor(items.length * partAhead) + 1);
    if (startIndex < ahead) void model.more('before');
    if (endIndex >= items.length - ahead) void model.more('after');
  }, [model, items, startIndex, endIndex]);
}

/** Offset of the item at an index, or of the next one that has one. */
function offsetOf(items: readonly ViewItem[], index: number, edge: 'start' | 'end'): number {
  const step = edge === 'start' ? 1 : -1;
  for (let at = index; at >= 0 && at < items.length; at += step) {
    const item = items[at];
    if (item?.kind === 'row') return item.row[edge];
  }
  return 0;
}

/** Width of line numbers or offsets with their separators, characters. */
function gutterWidth(items: readonly ViewItem[], isNarrow: boolean): number {
  const last = items.findLast((item) => item.kind === 'row');
  if (last?.kind !== 'row') return 5;
  if (isNarrow && last.number === undefined) return 4;
  const digits = String(last.number ?? last.row.end).length;
  return Math.max(3, digits + Math.floor((digits - 1) / 3)) + 3;
}

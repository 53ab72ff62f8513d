import { useMemo, type KeyboardEvent, type TouchEvent, type WheelEvent } from 'react';

/** What a scrollable region is told of its user. */
export interface IntentHandlers {
  onWheel: (event: WheelEvent) => void;
  onTouchStart: (event: TouchEvent) => void;
  onTouchMove: (event: TouchEvent) => void;
  onPointerDown: () => void;
  onKeyDownCapture: (event: KeyboardEvent) => void;
}

/** Milliseconds in which a region that scrolls does so because its user wanted it; a swipe goes on for a while. */
const wantedMs = 1500;
const upKeys = new Set(['ArrowUp', 'PageUp', 'Home', 'k']);

/** What a user wants of a region that scrolls. */
export interface Intent {
  readonly handlers: IntentHandlers;
  /** Whether it scrolls because its user wanted it. */
  readonly isWanted: () => boolean;
}

/**
 * Tells what a user wants from what a region does by itself: it also scrolls because lines come and go, and that must
 * not let go of the end of a log. @param onUp - the user goes up
 */
export function useIntent(onUp: () => void): Intent {
  return useMemo(() => intentOf(onUp), [onUp]);
}

function intentOf(onUp: () => void): Intent {
  let at = -Infinity;
  let touchY = 0;
  let isHeld = false;
  const wanted = (): void => {
    at = performance.now();
  };
  /** Text may be selected beyond an edge, for as long as it takes. */
  const hold = (): void => {
    isHeld = true;
    const over = new AbortController();
    const release = (): void => {
      isHeld = false;
      wanted();
      over.abort();
    };
    for (const event of ['pointerup', 'pointercancel'])
      addEventListener(event, release, { signal: over.signal });
  };
  return {
    isWanted: () => isHeld || performance.now() - at < wantedMs,
    handlers: {
      onWheel: (event) => {
        // with Ctrl it makes the page larger
        if (event.ctrlKey) return;
        wanted();
        if (event.deltaY < 0) onUp();
      },
      onTouchStart: (event) => {
        touchY = event.touches[0]?.clientY ?? 0;
      },
      onTouchMove: (event) => {
        wanted();
        const y = event.touches[0]?.clientY ?? touchY;
        if (y > touchY + 2) onUp();
        touchY = y;
      },
      onPointerDown: hold,
      onKeyDownCapture: (event) => {
        wanted();
        if (upKeys.has(event.key) || (event.key === ' ' && event.shiftKey)) onUp();
      },
    },
  };
}

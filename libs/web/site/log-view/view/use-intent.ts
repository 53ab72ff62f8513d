import { useMemo, type KeyboardEvent, type TouchEvent, type WheelEvent } from 'react';

/** Handlers of a scrollable region that observe its user. */
export interface IntentHandlers {
  onWheel: (event: WheelEvent) => void;
  onTouchStart: (event: TouchEvent) => void;
  onTouchMove: (event: TouchEvent) => void;
  onPointerDown: () => void;
  onKeyDownCapture: (event: KeyboardEvent) => void;
}

/** Milliseconds after an input during which scrolling counts as wanted; a swipe continues for a while. */
const wantedMs = 1500;
const upKeys = new Set(['ArrowUp', 'PageUp', 'Home', 'k']);

/** The intention of the user of a scrollable region. */
export interface Intent {
  readonly handlers: IntentHandlers;
  /** Whether the region scrolls because its user wanted it. */
  readonly isWanted: () => boolean;
}

/**
 * Distinguishes the user's scrolling from automatic scrolling: lines that come and go scroll the region too, and
 * must not stop it from following the end of a log. @param onUp - called when the user goes up
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
  /** A selection may be dragged beyond an edge for any time. */
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
        // Ctrl+wheel zooms the page
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

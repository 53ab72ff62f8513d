import { useSyncExternalStore } from 'react';

/** One clock for everything that shows a distance in time: it ticks once a second, and not in a hidden tab. */
const listeners = new Set<() => void>();
let now = Date.now();
let timer: ReturnType<typeof setInterval> | undefined;

function tick(): void {
  if (document.hidden) return;
  now = Date.now();
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  now = Date.now();
  timer ??= setInterval(tick, 1000);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

/** Milliseconds since the Unix epoch, cut to whole steps. @param stepMs - what shows it changes no more often than that */
export function useNow(stepMs = 1000): number {
  return useSyncExternalStore(subscribe, () => Math.floor(now / stepMs) * stepMs);
}

/** A text that depends on the time. What shows it changes when the text does. */
export function useNowText(textAt: (now: number) => string): string {
  return useSyncExternalStore(subscribe, () => textAt(now));
}

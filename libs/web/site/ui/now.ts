import { useSyncExternalStore } from 'react';

/** One clock for all relative times. It ticks once a second, and not in a hidden tab. */
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

/** Milliseconds since the Unix epoch, rounded down. @param stepMs - how often the component renders at most */
export function useNow(stepMs = 1000): number {
  return useSyncExternalStore(subscribe, () => Math.floor(now / stepMs) * stepMs);
}

/** A text that depends on the time. The component renders when the text changes. */
export function useNowText(textAt: (now: number) => string): string {
  return useSyncExternalStore(subscribe, () => textAt(now));
}

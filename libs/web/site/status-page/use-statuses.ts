import { useCallback, useEffect, useRef, useState } from 'react';
import { managerUrl } from '../api/manager-root.js';
import type { WebMirrorStatus } from '../api/types.js';
import { publicMirrors, type PublicMirror } from './web-status.js';

/** Milliseconds between two requests. */
const everyMs = 60_000;

/** The known statuses. Times: milliseconds since the Unix epoch. */
export interface Statuses {
  /** Undefined: unknown. */
  mirrors: readonly PublicMirror[] | undefined;
  /** When they were current. */
  asOf: number | undefined;
  /** Whether the last request failed. */
  isLost: boolean;
}

/** The public status, refreshed while it is visible. */
export function useStatuses(): Statuses & { refresh: () => void } {
  const [statuses, setStatuses] = useState<Statuses>({ mirrors: undefined, asOf: undefined, isLost: false });
  const tag = useRef<string>(undefined);
  const asked = useRef(0);

  const refresh = useCallback(() => {
    asked.current = Date.now();
    ask(tag.current).then(
      (answer) => {
        const asOf = Date.now();
        if (answer.tag !== undefined) tag.current = answer.tag;
        setStatuses((before) => ({ mirrors: answer.mirrors ?? before.mirrors, asOf, isLost: false }));
      },
      () => {
        setStatuses((before) => ({ ...before, isLost: true }));
      },
    );
  }, []);

  useEffect(() => {
    refresh();
    const refreshIfOld = (): void => {
      if (!document.hidden && Date.now() - asked.current >= everyMs) refresh();
    };
    const timer = setInterval(refreshIfOld, everyMs / 12);
    document.addEventListener('visibilitychange', refreshIfOld);
    addEventListener('online', refresh);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', refreshIfOld);
      removeEventListener('online', refresh);
    };
  }, [refresh]);
  return { ...statuses, refresh };
}

/** @returns no mirrors if they are unchanged */
async function ask(tag: string | undefined): Promise<{ mirrors?: PublicMirror[]; tag?: string | undefined }> {
  // the browser revalidates its cached answer
  const response = await fetch(managerUrl('/jobs'), {
    headers: { accept: 'application/json' },
    cache: 'no-cache',
    signal: AbortSignal.timeout(everyMs / 2),
  });
  const now = response.headers.get('etag') ?? undefined;
  if (!response.ok) return Promise.reject(new TypeError(`HTTP ${response.status}`));
  if (now !== undefined && now === tag) return {};
  return { mirrors: publicMirrors((await response.json()) as WebMirrorStatus[]), tag: now };
}

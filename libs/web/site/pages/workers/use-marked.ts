import { useEffect, useState } from 'react';

/** The worker in the address after the `#`. The page scrolls to it once it is loaded. */
export function useMarked(isThere: boolean): string {
  const [marked, setMarked] = useState(() => idOf(location.hash));
  useEffect(() => {
    const follow = (): void => {
      setMarked(idOf(location.hash));
    };
    addEventListener('hashchange', follow);
    return () => {
      removeEventListener('hashchange', follow);
    };
  }, []);
  useEffect(() => {
    if (!isThere || marked === '') return;
    const element = document.getElementById(cardId(marked));
    element?.scrollIntoView({ block: 'start' });
    element?.focus({ preventScroll: true });
  }, [isThere, marked]);
  return marked;
}

/** Id of a worker's element, with a prefix, as workers may have the names of other elements. */
export function cardId(worker: string): string {
  return `worker:${worker}`;
}

function idOf(hash: string): string {
  try {
    return decodeURIComponent(hash.slice(1));
  } catch {
    return hash.slice(1);
  }
}

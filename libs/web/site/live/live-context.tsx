import { createContext, useContext, useEffect, useEffectEvent, useSyncExternalStore } from 'react';
import type { ApiChanges } from '../api/types.js';
import { LiveFeed } from './live-feed.js';
import type { Connection } from './live-message.js';

const LiveContext = createContext(new LiveFeed());

/** Provides a feed to its children. */
export const LiveProvider = LiveContext.Provider;

/** The feed of the page. */
export function useLiveFeed(): LiveFeed {
  return useContext(LiveContext);
}

/** The state of the connection to the manager. */
export function useConnection(): Connection {
  const feed = useLiveFeed();
  return useSyncExternalStore(feed.subscribe, () => feed.connection);
}

/** Calls back with each batch of changes, at most once a second. */
export function useChanges(onChanges: (changes: ApiChanges) => void): void {
  const feed = useLiveFeed();
  const handle = useEffectEvent(onChanges);
  useEffect(
    () =>
      feed.subscribe((message) => {
        if (message.kind === 'changes') handle(message.changes);
      }),
    [feed],
  );
}

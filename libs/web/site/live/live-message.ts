import type { ApiChanges, ApiHello } from '../api/types.js';

/** How the connection to the manager is. Times: milliseconds since the Unix epoch. */
export type Connection =
  | { readonly state: 'connecting' | 'live' }
  | { readonly state: 'lost'; readonly since: number; readonly retryAt: number };

/** What comes from the manager's event stream, or is told of it. */
export type LiveMessage =
  | { readonly kind: 'connection'; readonly connection: Connection }
  /** Ask anew for all that is shown: something may have been missed. */
  | { readonly kind: 'missed' }
  | { readonly kind: 'hello'; readonly hello: ApiHello }
  | { readonly kind: 'changes'; readonly changes: ApiChanges };

/** What a page tells the one that follows the stream for all of them. */
export type LiveRequest = { readonly kind: 'retry' } | { readonly kind: 'bye' };

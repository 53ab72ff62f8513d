import type { ApiChanges, ApiHello } from '../api/types.js';

/** The state of the connection to the manager. Times: milliseconds since the Unix epoch. */
export type Connection =
  | { readonly state: 'connecting' | 'live' }
  | { readonly state: 'lost'; readonly since: number; readonly retryAt: number };

/** A message from the manager's event stream, or about it. */
export type LiveMessage =
  | { readonly kind: 'connection'; readonly connection: Connection }
  /** Events may have been missed: request everything that is shown again. */
  | { readonly kind: 'missed' }
  | { readonly kind: 'hello'; readonly hello: ApiHello }
  | { readonly kind: 'changes'; readonly changes: ApiChanges };

/** A message from a page to the worker that follows the stream for all pages. */
export type LiveRequest = { readonly kind: 'retry' } | { readonly kind: 'bye' };

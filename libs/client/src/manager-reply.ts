import type { managerRoutes, ManagerRouteName } from '@tunasync/protocol';
import type { z } from 'zod';

/** What a route of the manager answers. */
export type ManagerReply<Name extends ManagerRouteName> = z.output<(typeof managerRoutes)[Name]['reply']>;

/**
 * Makes a route's answer of the parsed body of a 200.
 * What it throws becomes the reason of a {@link BadReplyError}.
 */
export type ReplyReader = <Name extends ManagerRouteName>(name: Name, body: unknown) => ManagerReply<Name>;

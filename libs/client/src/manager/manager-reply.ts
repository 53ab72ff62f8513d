import type {
  managerApiRoutes,
  managerExtensionRoutes,
  managerRoutes,
  ManagerRouteName,
} from '@tunasync/protocol';
import type { z } from 'zod';

/** Routes of a manager for programs that show what goes on, as far as there is a method for them. */
export type OfferedApiRoutes = Pick<
  typeof managerApiRoutes,
  | 'findJobs'
  | 'getJob'
  | 'findWorkers'
  | 'sendCommands'
  | 'streamEvents'
  | 'listLogs'
  | 'readLog'
  | 'searchLog'
  | 'streamLog'
>;

/** All routes that a manager may have, those beyond the contract included. */
export type AllManagerRoutes = typeof managerRoutes & typeof managerExtensionRoutes & OfferedApiRoutes;

/** Name of a route that a manager may have. */
export type AnyManagerRouteName = keyof AllManagerRoutes;

/** What a route of the manager answers. */
export type ManagerReply<Name extends AnyManagerRouteName> = z.output<AllManagerRoutes[Name]['reply']>;

/**
 * Makes a route's answer of the parsed body of a 200.
 * What it throws becomes the reason of a {@link BadReplyError}.
 */
export type ReplyReader = <Name extends ManagerRouteName>(name: Name, body: unknown) => ManagerReply<Name>;

/** The same for every route that a manager may have. */
export type AnyReplyReader = <Name extends AnyManagerRouteName>(
  name: Name,
  body: unknown,
) => ManagerReply<Name>;

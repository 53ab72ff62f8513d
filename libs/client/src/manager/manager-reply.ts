import type {
  managerApiRoutes,
  managerExtensionRoutes,
  managerRoutes,
  ManagerRouteName,
} from '@tunasync/protocol';
import type { z } from 'zod';

/** Routes for pages and tools, as far as the client has a method for them. */
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

/** All routes that a manager may have, including extensions. */
export type AllManagerRoutes = typeof managerRoutes & typeof managerExtensionRoutes & OfferedApiRoutes;

/** Name of a route that a manager may have. */
export type AnyManagerRouteName = keyof AllManagerRoutes;

/** The answer of a manager's route. */
export type ManagerReply<Name extends AnyManagerRouteName> = z.output<AllManagerRoutes[Name]['reply']>;

/**
 * Converts the parsed body of a 200 to the answer of a route. An error that it throws becomes the reason of a
 * {@link BadReplyError}.
 */
export type ReplyReader = <Name extends ManagerRouteName>(name: Name, body: unknown) => ManagerReply<Name>;

/** A {@link ReplyReader} for every route that a manager may have. */
export type AnyReplyReader = <Name extends AnyManagerRouteName>(
  name: Name,
  body: unknown,
) => ManagerReply<Name>;

import { describeIssue, managerApiRoutes, managerExtensionRoutes, managerRoutes } from '@tunasync/protocol';
import type { z } from 'zod';
import type { AnyManagerRouteName, ManagerReply } from './manager-reply.js';

const routes = { ...managerRoutes, ...managerExtensionRoutes, ...managerApiRoutes };

/**
 * Reads the body of a 200 by the route's schema. Unknown fields are dropped; missing fields get their zero value.
 *
 * @throws TypeError that names the invalid field
 */
export function readReply<Name extends AnyManagerRouteName>(name: Name, body: unknown): ManagerReply<Name> {
  const schema: z.ZodType = routes[name].reply;
  const result = schema.safeParse(body);
  if (result.success) return result.data as ManagerReply<Name>;
  const [issue] = result.error.issues;
  throw new TypeError(issue === undefined ? 'body: invalid' : describeIssue(issue));
}

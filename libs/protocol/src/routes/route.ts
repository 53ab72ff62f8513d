import type { z } from 'zod';

/** One route of a server: what goes in and what comes out. */
export interface Route<
  Path extends string = string,
  Body extends z.ZodType = z.ZodType,
  Reply extends z.ZodType = z.ZodType,
  Query extends z.ZodType = z.ZodType,
> {
  method: 'GET' | 'POST' | 'DELETE';
  /** Path with `:name` parameters, matched case-sensitively. */
  path: Path;
  /** Schema of what follows `?`, an object of texts, when anything of it counts. */
  query?: Query;
  /** Schema of the request's body, when it has one. */
  body?: Body;
  /** Bytes that the body may have where that is more than a server takes otherwise. */
  maxBodyBytes?: number;
  /** Schema of the body of a 200; of a text that is no JSON, a string. */
  reply: Reply;
  /** Media type of the body of a 200. @defaultValue `application/json` */
  replyType?: 'text/plain' | 'text/event-stream';
  /** One line for the API document. */
  summary: string;
}

/** The definition of a route, with the types of all its parts. */
export const route = <
  Path extends string,
  Body extends z.ZodType,
  Reply extends z.ZodType,
  Query extends z.ZodType,
>(
  definition: Route<Path, Body, Reply, Query>,
): Route<Path, Body, Reply, Query> => definition;

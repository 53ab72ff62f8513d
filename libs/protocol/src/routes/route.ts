import type { z } from 'zod';

/** One route of a server: its request and its reply. */
export interface Route<
  Path extends string = string,
  Body extends z.ZodType = z.ZodType,
  Reply extends z.ZodType = z.ZodType,
  Query extends z.ZodType = z.ZodType,
> {
  method: 'GET' | 'POST' | 'DELETE';
  /** Path with `:name` parameters, matched case-sensitively. */
  path: Path;
  /** Schema of the query, an object of strings, if the route has one. */
  query?: Query;
  /** Schema of the request body, if there is one. */
  body?: Body;
  /** Limit of the request body in bytes, if it is larger than the server's default. */
  maxBodyBytes?: number;
  /** Schema of the body of a 200; a string schema for text that is not JSON. */
  reply: Reply;
  /** Media type of the body of a 200. @defaultValue `application/json` */
  replyType?: 'text/plain' | 'text/event-stream';
  /** One line for the API document. */
  summary: string;
}

/** Defines a route and infers the types of its parts. */
export const route = <
  Path extends string,
  Body extends z.ZodType,
  Reply extends z.ZodType,
  Query extends z.ZodType,
>(
  definition: Route<Path, Body, Reply, Query>,
): Route<Path, Body, Reply, Query> => definition;

import { shortened } from '@tunasync/protocol';
import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express';
import { ManagerError } from '../errors.js';
import type { MountedRoute } from './route-table.js';
import { sendError } from './send-reply.js';
import { serveRoute, type ServeOptions } from './serve-route.js';

/**
 * The Express app over a table of routes; unknown paths are a 404 with a JSON error.
 *
 * @param pages - asked when no route fits. @defaultValue there are none
 */
export function expressApp(
  routes: readonly MountedRoute[],
  options: ServeOptions,
  pages?: RequestHandler,
): Express {
  const app = express();
  app.disable('x-powered-by');
  app.enable('case sensitive routing');
  app.enable('strict routing');
  app.set('query parser', 'simple');
  for (const mounted of routes) {
    const { method, path } = mounted.route;
    const handler: RequestHandler = (request, response) =>
      serveRoute(mounted, request, response, request.params as Record<string, string>, options);
    switch (method) {
      case 'GET':
        app.get(path, handler);
        break;
      case 'POST':
        app.post(path, handler);
        break;
      case 'DELETE':
        app.delete(path, handler);
        break;
    }
  }
  if (pages !== undefined) app.use(pages);
  app.use((request) => {
    throw new ManagerError('ROUTE_UNKNOWN', `no such route: ${request.method} ${shortened(request.path)}`);
  });
  const onError: ErrorRequestHandler = (error, request, response, _next) => {
    sendError(request, response, error, options.logger);
  };
  app.use(onError);
  return app;
}

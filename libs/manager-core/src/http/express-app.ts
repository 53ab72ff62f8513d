import { sendError, serveRoute, type MountedRoute, type ServeOptions } from '@tunasync/http';
import { shortened } from '@tunasync/protocol';
import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express';
import { ManagerError } from '../errors/manager-error.js';

/**
 * Makes the Express app of a route table. A path that is unknown is answered with 404 and a JSON error.
 *
 * @param pages - serves requests that match no route. @defaultValue none
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
    sendError(request, response, error, options);
  };
  app.use(onError);
  return app;
}

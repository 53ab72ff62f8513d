import { EncodedBody } from '@tunasync/http';
import {
  managerApiRoutes,
  managerExtensionRoutes,
  managerRoutes,
  openApiDocument,
  type OpenApiDocument,
  type Route,
} from '@tunasync/protocol';

/** Version of the API as a whole: paths and fields are added, never changed. */
const apiVersion = '1';

/** The manager's API as an OpenAPI document, with its routes under the tags of {@link apiTags}. */
export function describeApi(): OpenApiDocument {
  const forPages = ([, { path }]: [string, Route]): boolean => path.startsWith('/api/');
  const routes = Object.entries<Route>(managerApiRoutes);
  return openApiDocument({
    title: 'tunasync manager',
    version: apiVersion,
    routes: {
      contract: managerRoutes,
      extensions: managerExtensionRoutes,
      pages: Object.fromEntries(routes.filter(forPages)),
      logs: Object.fromEntries(routes.filter((entry) => !forPages(entry))),
    },
  });
}

/** What the tags of {@link describeApi} stand for. */
export const apiTags: Readonly<Record<string, { title: string; description: string }>> = {
  contract: {
    title: 'The contract',
    description:
      'What every manager since tunasync v0.10 answers: workers, status pages and scripts count on it.',
  },
  extensions: {
    title: 'Beyond v0.10',
    description:
      'What workers tell newer managers, and what is known of finished runs. Older managers answer 404.',
  },
  pages: {
    title: 'For pages',
    description:
      'What the web frontend is made of: jobs and workers with filters, events, commands for many jobs.',
  },
  logs: {
    title: 'Logs',
    description: 'Answered by the worker that has the mirror; 501 when it is too old to offer its logs.',
  },
};

/** The body of `GET /api/openapi.json`, made when it is first asked for. */
export class ApiDocument {
  #encoded: EncodedBody | undefined;

  get(): EncodedBody {
    return (this.#encoded ??= new EncodedBody(JSON.stringify(describeApi())));
  }
}

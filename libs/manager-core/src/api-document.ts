import { createHash } from 'node:crypto';
import { managerApiRoutes, managerExtensionRoutes, managerRoutes, openApiDocument } from '@tunasync/protocol';
import { EncodedBody } from './http/encoded-body.js';

/** Version of the API as a whole: paths and fields are added, never changed. */
const apiVersion = '1';

/** The body of `GET /api/openapi.json`, made when it is first asked for. */
export class ApiDocument {
  #encoded: EncodedBody | undefined;

  get(): EncodedBody {
    return (this.#encoded ??= build());
  }
}

function build(): EncodedBody {
  const document = openApiDocument({
    title: 'tunasync manager',
    version: apiVersion,
    routes: { pages: managerApiRoutes, contract: managerRoutes, workers: managerExtensionRoutes },
  });
  const json = JSON.stringify(document);
  return new EncodedBody(json, createHash('sha256').update(json).digest('base64url').slice(0, 16));
}

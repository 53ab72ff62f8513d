import { workerExtensionRoutes, type WorkerExtensionRouteName } from '@tunasync/protocol';
import { HttpError } from './http-error.js';

/** A route that a path fits, with the parameters in it, decoded. */
export interface PathMatch {
  name: WorkerExtensionRouteName;
  params: Readonly<Record<string, string>>;
}

const shapes = Object.entries(workerExtensionRoutes).map(([name, { path }]) => ({
  name: name as WorkerExtensionRouteName,
  segments: path.split('/'),
}));

/** The route that a path fits, parameters not being empty. @throws HttpError `PATH_INVALID` */
export function matchPath(path: string): PathMatch | undefined {
  const given = path.split('/');
  for (const { name, segments } of shapes) {
    if (segments.length !== given.length) continue;
    const fits = segments.every((segment, index) =>
      segment.startsWith(':') ? given[index] !== '' : segment === given[index],
    );
    if (!fits) continue;
    const params = segments.flatMap((segment, index) =>
      segment.startsWith(':') ? [[segment.slice(1), decoded(given[index] ?? '')] as const] : [],
    );
    return { name, params: Object.fromEntries(params) };
  }
  return undefined;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (cause) {
    throw new HttpError('PATH_INVALID', 'the path is not percent-encoded UTF-8', { cause });
  }
}

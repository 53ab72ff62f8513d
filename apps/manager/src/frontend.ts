import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ManagerConfig } from '@tunasync/config';
import type { Logger } from '@tunasync/logger';
import type { ManagerOptions } from '@tunasync/manager-core';
import { siteFolder } from '@tunasync/web';

/** The options of a manager that are about its frontend. */
export type FrontendOptions = Pick<ManagerOptions, 'extensions' | 'publicUrl' | 'ui'>;

/**
 * What the configuration says of the frontend. Without `server.ui` nothing beyond the contract is served. A checkout in which
 * the frontend was not built has none, which keeps no manager from its work.
 *
 * @param folder - where the frontend's files are. @defaultValue those of `@tunasync/web`
 */
export function frontendOf(
  { ui, publicUrl }: Pick<ManagerConfig['server'], 'ui' | 'publicUrl'>,
  folder = siteFolder,
): FrontendOptions {
  return {
    extensions: ui,
    ...(publicUrl === '' ? {} : { publicUrl }),
    ...(ui && existsSync(join(folder, 'index.html')) ? { ui: { folder } } : {}),
  };
}

/** Says where the frontend is, or that it is not there though it should be. @param url - where the manager listens */
export function tellFrontend(
  { extensions, publicUrl, ui }: FrontendOptions,
  url: string | undefined,
  logger: Pick<Logger, 'notice' | 'warn'>,
): void {
  if (ui !== undefined) logger.notice(`The web frontend is at ${publicUrl ?? url ?? ''}/ui/`);
  else if (extensions === true) logger.warn('There is no web frontend: it was not built (npm run build)');
}

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ManagerConfig } from '@tunasync/config';
import type { Logger } from '@tunasync/logger';
import type { ManagerOptions } from '@tunasync/manager-core';
import { siteFolder } from '@tunasync/web';

/** The frontend options of a manager. */
export type FrontendOptions = Pick<ManagerOptions, 'extensions' | 'publicUrl' | 'ui'>;

/**
 * Returns the frontend options for a configuration. Without `server.ui`, the manager serves the v0.10 routes only.
 * If the frontend was not built, as in a fresh checkout, the manager runs without it.
 *
 * @param folder - the folder with the frontend's files. @defaultValue the folder of `@tunasync/web`
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

/** Logs the address of the frontend, or warns that it is missing. @param url - where the manager listens */
export function tellFrontend(
  { extensions, publicUrl, ui }: FrontendOptions,
  url: string | undefined,
  logger: Pick<Logger, 'notice' | 'warn'>,
): void {
  if (ui !== undefined) logger.notice(`The web frontend is at ${publicUrl ?? url ?? ''}/ui/`);
  else if (extensions === true)
    logger.warn('The web frontend is missing because it was not built (npm run build)');
}

import { readFileSync } from 'node:fs';
import { TunasyncError } from '@tunasync/protocol';

/**
 * The version in the `package.json` one folder above a module.
 *
 * @param moduleUrl - `import.meta.url` of a file in `src/` or `dist/`
 * @throws TunasyncError `PACKAGE_INVALID` when there is none
 */
export function packageVersion(moduleUrl: string): string {
  const path = new URL('../package.json', moduleUrl);
  const { version } = JSON.parse(readFileSync(path, 'utf8')) as { version?: unknown };
  if (typeof version === 'string') return version;
  throw new TunasyncError('PACKAGE_INVALID', `${path.pathname} has no version`);
}

import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

/** Where a program of the PATH is. */
export async function programPath(name: string): Promise<string> {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    const path = join(folder, name);
    const isThere = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (isThere) return path;
  }
  throw new TypeError(`there is no program '${name}' on the PATH`);
}

// @ts-check
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Removes compiled files whose source no longer exists. The compiler keeps them, a build cache restores them, and a
 * package would contain them.
 *
 * @param {string} folder - of the package
 */
export function pruneDist(folder) {
  const dist = join(folder, 'dist');
  if (!existsSync(dist)) return;
  for (const file of readdirSync(dist, { recursive: true, encoding: 'utf8' })) {
    const [, name] = /^(.*)\.(?:js|d\.ts)\.map$/.exec(file) ?? [];
    // a bundle has no declarations of its own
    if (name === undefined || !existsSync(join(dist, `${name}.d.ts`))) continue;
    if (['.ts', '.tsx', '.js'].some((ending) => existsSync(join(folder, 'src', `${name}${ending}`))))
      continue;
    for (const ending of ['.js', '.js.map', '.d.ts', '.d.ts.map']) {
      rmSync(join(dist, `${name}${ending}`), { force: true });
    }
  }
}

import { readFileSync } from 'node:fs';

/** Returns the version in this package's `package.json`, one folder above `src/` and `dist/`. */
export function packageVersion(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  const { version } = JSON.parse(text) as { version: string };
  return version;
}

import { readFileSync } from 'node:fs';

/** The version in this package's `package.json`, which is one folder above `src/` and `dist/`. */
export function packageVersion(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  const { version } = JSON.parse(text) as { version: string };
  return version;
}

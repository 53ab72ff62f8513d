import { fileURLToPath } from 'node:url';

/** Absolute path of a file that was recorded from the original, for example `wire/exchanges.json`. */
export function fixturePath(name: string): string {
  return fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url));
}

import { isTable } from './toml.js';

const sizeKeys: ReadonlySet<string> = new Set(['memory_limit', 'disk_quota', 'log_max_size']);
const bareKey = /^[\w-]+$/;

/** A value as a TOML document has it, on one line. @param key - bytes of keys for sizes get their unit */
export function tomlText(key: string, value: unknown): string {
  if (typeof value === 'number' && sizeKeys.has(key)) return sizeText(value);
  // what JSON escapes in a string, TOML escapes in the same way
  if (typeof value === 'string') return JSON.stringify(value).replaceAll('\x7f', '\\u007f');
  if (Array.isArray(value)) return `[${value.map((part) => tomlText('', part)).join(', ')}]`;
  if (isTable(value)) {
    const parts = Object.entries(value).map(([name, part]) => `${keyText(name)} = ${tomlText('', part)}`);
    return parts.length === 0 ? '{}' : `{ ${parts.join(', ')} }`;
  }
  return String(value);
}

function keyText(name: string): string {
  return bareKey.test(name) ? name : tomlText('', name);
}

/** In the largest unit that is whole. */
function sizeText(bytes: number): string {
  let rest = bytes;
  let power = 0;
  while (rest > 0 && rest % 1024 === 0 && power < 5) {
    rest /= 1024;
    power += 1;
  }
  return power === 0 ? String(bytes) : `"${rest}${'KMGTP'.charAt(power - 1)}"`;
}

import { bytes } from './format.js';

/** Bytes of a human size such as `1.33T`; undefined for what is none, such as `unknown`. */
export function bytesOf(size: string): number | undefined {
  const [, digits, unit = ''] = /^([\d.,]+)\s*([kmgtpe]?)(?:i?b)?$/i.exec(size.trim()) ?? [];
  const number = Number(digits?.replaceAll(',', ''));
  return Number.isNaN(number) ? undefined : number * 1024 ** ' kmgtpe'.indexOf(unit.toLowerCase() || ' ');
}

/** A size in the words of a language; what is no size is shown as it is, and what is unknown as a dash. */
export function sizeText(size: string, locale: string): string {
  const count = bytesOf(size);
  if (count !== undefined) return bytes(count, locale);
  return size === '' || size === 'unknown' ? '–' : size;
}

import { bytes } from './format.js';

/** Bytes of a size such as `1.33T`; undefined for other texts, such as `unknown`. */
export function bytesOf(size: string): number | undefined {
  const [, digits, unit = ''] = /^([\d.,]+)\s*([kmgtpe]?)(?:i?b)?$/i.exec(size.trim()) ?? [];
  const number = Number(digits?.replaceAll(',', ''));
  return Number.isNaN(number) ? undefined : number * 1024 ** ' kmgtpe'.indexOf(unit.toLowerCase() || ' ');
}

/** A localized size. Other texts are shown as they are, and an unknown size as a dash. */
export function sizeText(size: string, locale: string): string {
  const count = bytesOf(size);
  if (count !== undefined) return bytes(count, locale);
  return size === '' || size === 'unknown' ? '–' : size;
}

import { TunasyncError } from '@tunasync/protocol';

/** Source: `units.RAMInBytes` of github.com/docker/go-units, which the original uses. */
const sizeText = /^(\d+(?:\.\d+)?) ?([kmgtp])?i?b?$/i;
const powers = ['', 'k', 'm', 'g', 't', 'p'];

/**
 * Bytes of a size such as `268435456`, `"256M"`, `"256MiB"`, `"1g"` or `"1.5 GB"`. Units are powers of 1024 in
 * any letter case; a fraction of a byte is dropped.
 *
 * @throws `TunasyncError` `SIZE_INVALID` when it is none, negative, or 2^53 or more
 */
export function parseSize(size: string | number | bigint): number {
  const match = sizeText.exec(typeof size === 'string' ? size.trim() : String(size));
  const bytes =
    match === null
      ? Number.NaN
      : Math.trunc(Number(match[1]) * 1024 ** powers.indexOf((match[2] ?? '').toLowerCase()));
  // a number is a count of bytes: it has no fraction
  if (!Number.isSafeInteger(bytes) || (typeof size === 'number' && !Number.isInteger(size))) {
    throw new TunasyncError(
      'SIZE_INVALID',
      `'${String(size)}' is not a size such as 268435456, "256M", "256MiB" or "1g"`,
    );
  }
  return bytes;
}

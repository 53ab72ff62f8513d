/** How a body is compressed: brotli or gzip. */
export type Coding = 'br' | 'gzip';

/**
 * Whether a client takes a coding. Source: RFC 9110, 12.5.3; a quality of zero means no.
 *
 * @param header - value of `Accept-Encoding`
 */
export function acceptsCoding(header: string | undefined, coding: Coding): boolean {
  if (header === undefined) return false;
  let any = false;
  for (const item of header.split(',')) {
    const [name = '', ...parameters] = item.split(';').map((part) => part.trim().toLowerCase());
    const accepted = !parameters.some((parameter) => /^q\s*=\s*0(\.0*)?$/.test(parameter));
    if (name === coding || name === `x-${coding}`) return accepted;
    if (name === '*') any = accepted;
  }
  return any;
}

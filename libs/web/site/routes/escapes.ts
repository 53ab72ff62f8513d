/** A text that is as it was once `decodeURI` has gone over it. @param start - which is to be decoded */
export function keepEscapes(text: string, start = ''): string {
  const rest = text.startsWith(start) ? start.length : 0;
  return text.slice(0, rest) + text.slice(rest).replaceAll('%', '%25');
}

/** A part of a path without its escapes; one that is wrongly escaped is taken as it is. */
export function unescapePart(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

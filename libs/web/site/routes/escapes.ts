/** Escapes a text so that `decodeURI` restores it. @param start - a prefix that is left as it is */
export function keepEscapes(text: string, start = ''): string {
  const rest = text.startsWith(start) ? start.length : 0;
  return text.slice(0, rest) + text.slice(rest).replaceAll('%', '%25');
}

/** Decodes a part of a path. An invalid one is returned as it is. */
export function unescapePart(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** The visible bytes of a log. */
export interface SeenBytes {
  readonly from: number;
  readonly to: number;
}

/** Top and length of the thumb of the bar beside a log, as shares of the bar. */
export function thumbOf(
  { from, to }: SeenBytes,
  size: number,
  shortest: number,
): { top: number; height: number } {
  if (size <= 0) return { top: 0, height: 1 };
  const height = Math.min(1, Math.max(shortest, (to - from) / size));
  // the thumb travels over the part of the log that is not visible
  const way = size - (to - from);
  const part = way <= 0 ? 0 : Math.min(1, from / way);
  return { top: part * (1 - height), height };
}

/** The byte to go to for a position of the thumb's top, as a share of the bar. @param height - of the thumb */
export function byteAt(top: number, height: number, size: number): number {
  const way = 1 - height;
  return way <= 0 ? 0 : Math.floor(Math.min(1, Math.max(0, top / way)) * size);
}

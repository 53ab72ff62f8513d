const units = [
  { name: 'd', seconds: 86_400, from: 36 * 3600 },
  { name: 'h', seconds: 3600, from: 90 * 60 },
  { name: 'm', seconds: 60, from: 90 },
] as const;

/** A duration in one unit, such as `45s`, `12m`, `3h` or `2d`. */
export function roughDuration(seconds: number): string {
  const unit = units.find(({ from }) => seconds >= from) ?? { name: 's', seconds: 1 };
  return `${Math.floor(seconds / unit.seconds)}${unit.name}`;
}

/** An instant as seen from now, such as `3h ago` or `in 12m`. Both in milliseconds since the Unix epoch. */
export function relativeTime(instant: number, now: number): string {
  const seconds = Math.round((instant - now) / 1000);
  if (seconds === 0) return 'now';
  return seconds > 0 ? `in ${roughDuration(seconds)}` : `${roughDuration(-seconds)} ago`;
}

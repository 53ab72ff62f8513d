const units = [
  { name: 'd', seconds: 86_400, from: 36 * 3600 },
  { name: 'h', seconds: 3600, from: 90 * 60 },
  { name: 'm', seconds: 60, from: 90 },
] as const;

/** Formats a duration in one unit, such as `45s`, `12m`, `3h` or `2d`. */
export function roughDuration(seconds: number): string {
  const unit = units.find(({ from }) => seconds >= from) ?? { name: 's', seconds: 1 };
  return `${Math.floor(seconds / unit.seconds)}${unit.name}`;
}

/** Formats an instant relative to now, such as `3h ago` or `in 12m`. Both in milliseconds since the Unix epoch. */
export function relativeTime(instant: number, now: number): string {
  const seconds = Math.round((instant - now) / 1000);
  if (seconds === 0) return 'now';
  return seconds > 0 ? `in ${roughDuration(seconds)}` : `${roughDuration(-seconds)} ago`;
}

/** Formats a duration in at most two units, such as `45s`, `5m 12s`, `2h 5m` or `3d 4h`. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const parts = [
    [Math.floor(whole / 86_400), 'd'],
    [Math.floor(whole / 3600) % 24, 'h'],
    [Math.floor(whole / 60) % 60, 'm'],
    [whole % 60, 's'],
  ] as const;
  const first = parts.findIndex(([count]) => count > 0);
  const shown = parts.slice(first === -1 ? 3 : first).slice(0, 2);
  const texts = shown.filter(([count], index) => index === 0 || count > 0);
  return texts.map(([count, unit]) => `${count}${unit}`).join(' ');
}

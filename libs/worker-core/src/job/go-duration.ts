/**
 * A duration as Go's `time.Duration` prints it, for example `1h0m0s`, `1m30s`, `1.5s`.
 * Source: the original's timeout message, which scripts look for.
 *
 * @param seconds - not negative
 */
export function goDuration(seconds: number): string {
  if (seconds === 0) return '0s';
  if (seconds < 1) return `${Math.round(seconds * 1000)}ms`;
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  const rest = `${Number((seconds % 60).toFixed(3))}s`;
  if (hours > 0) return `${hours}h${minutes}m${rest}`;
  return minutes > 0 ? `${minutes}m${rest}` : rest;
}

import type { Validity } from './pem.js';
import type { Unit } from './read-unit.js';

const dayMs = 24 * 3600 * 1000;

/** Certificates are warned of when they expire within so many milliseconds. */
const soonMs = 14 * dayMs;

/** The day of an instant, in UTC. */
export function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}

/** What is wrong with certificates at `now`, as a line that names key and file; undefined when nothing is. */
export function validityProblem(
  { files: [{ key, file }] }: Unit,
  { from, to }: Validity,
  now: number,
): string | undefined {
  if (to <= now) return `${key}: ${file} has expired on ${dayOf(to)}`;
  if (from > now) return `${key}: ${file} is not valid before ${new Date(from).toISOString()}`;
  return undefined;
}

/** A line about certificates that expire soon; undefined for all others. */
export function expiryWarning(
  { files: [{ key, file }] }: Unit,
  { to }: Validity,
  now: number,
): string | undefined {
  if (to <= now || to > now + soonMs) return undefined;
  const days = Math.floor((to - now) / dayMs);
  const when = days === 0 ? 'in less than a day' : days === 1 ? 'in 1 day' : `in ${days} days`;
  return `${key}: ${file} expires ${when}, on ${dayOf(to)}`;
}

import { systemClock } from '@tunasync/protocol';
import type { Period } from './x509.js';

const dayMs = 24 * 3600 * 1000;
/** Certificates are valid from an hour ago on, because the clocks of machines differ. */
const slackMs = 3600 * 1000;

/** Returns the period from an hour ago until N days from now, in whole seconds. */
export function periodOf(days: number): Period {
  const now = Math.floor(systemClock.now() / 1000) * 1000;
  return { from: new Date(now - slackMs), to: new Date(now + days * dayMs) };
}

/** Returns the UTC day of an instant. */
export function dayOf(time: Date): string {
  return time.toISOString().slice(0, 10);
}

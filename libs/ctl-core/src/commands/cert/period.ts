import { systemClock } from '@tunasync/protocol';
import type { Period } from './x509.js';

const dayMs = 24 * 3600 * 1000;
/** Certificates hold from an hour ago, as the clocks of machines differ. */
const slackMs = 3600 * 1000;

/** From an hour ago until so many days from now, in whole seconds. */
export function periodOf(days: number): Period {
  const now = Math.floor(systemClock.now() / 1000) * 1000;
  return { from: new Date(now - slackMs), to: new Date(now + days * dayMs) };
}

/** The day of an instant, UTC. */
export function dayOf(time: Date): string {
  return time.toISOString().slice(0, 10);
}

import type { JobState, WebMirrorStatus } from '../api/types.js';

/** A mirror as the users of a site see it. Times: milliseconds since the Unix epoch; undefined: never. */
export interface PublicMirror {
  /** Tells rows apart: names need not be unique over workers. */
  readonly key: string;
  readonly name: string;
  readonly state: PublicState;
  readonly lastUpdate: number | undefined;
  readonly nextSync: number | undefined;
  readonly size: string;
  readonly upstream: string;
  /** Address of an upstream that a browser can open. */
  readonly link: string | undefined;
}

/** States that the users of a site see, in the order of their buttons. */
export const publicStates = [
  'failed',
  'syncing',
  'waiting',
  'paused',
  'none',
  'success',
] as const satisfies readonly JobState[];
/** A state that the users of a site see. */
export type PublicState = (typeof publicStates)[number];

/** What is shown of `GET /jobs`: as on other status pages nothing that is disabled or no master. */
export function publicMirrors(statuses: readonly WebMirrorStatus[]): PublicMirror[] {
  const seen = new Map<string, number>();
  return statuses
    .filter(({ status, is_master }) => status !== 'disabled' && is_master)
    .map((status) => {
      const nth = seen.get(status.name) ?? 0;
      seen.set(status.name, nth + 1);
      return {
        key: `${status.name} ${nth}`,
        name: status.name,
        state: publicState(status),
        lastUpdate: timeOf(status.last_update_ts),
        nextSync: timeOf(status.next_schedule_ts),
        size: status.size,
        upstream: status.upstream,
        link: linkOf(status.upstream),
      };
    });
}

/** A state in public words. One that is not told is a success when the last end was one. */
export function publicState(status: WebMirrorStatus): PublicState {
  switch (status.status) {
    case 'pre-syncing':
      return 'waiting';
    case 'none':
    case 'disabled': {
      const ended = timeOf(status.last_ended_ts);
      return ended !== undefined && status.last_update_ts === status.last_ended_ts ? 'success' : 'none';
    }
    default:
      return status.status;
  }
}

/** The zero time is long before the epoch. @param seconds - since the Unix epoch */
export function timeOf(seconds: number): number | undefined {
  return Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : undefined;
}

/** Where an upstream can be opened; nothing but the web is a link, whatever somebody wrote there. */
export function linkOf(upstream: string): string | undefined {
  if (!/^https?:\/\//i.test(upstream)) return undefined;
  try {
    const url = new URL(upstream);
    // a name and a password are nobody's business
    return url.username === '' && url.password === '' ? url.href : undefined;
  } catch {
    return undefined;
  }
}

/** How the list is ordered. */
export interface PublicOrder {
  readonly by: 'name' | 'lastUpdate';
  readonly isDescending: boolean;
}

/** What is searched for, in order. */
export function findMirrors(
  mirrors: readonly PublicMirror[],
  text: string,
  state: PublicState | undefined,
  { by, isDescending }: PublicOrder,
): PublicMirror[] {
  const part = text.trim().toLowerCase();
  const sign = isDescending ? -1 : 1;
  return mirrors
    .filter(
      (mirror) =>
        (state === undefined || mirror.state === state) &&
        (mirror.name.toLowerCase().includes(part) || mirror.upstream.toLowerCase().includes(part)),
    )
    .sort((one, other) => {
      const names = compareNames(one.name, other.name);
      if (by === 'name') return sign * names;
      return sign * ((one.lastUpdate ?? 0) - (other.lastUpdate ?? 0)) || names;
    });
}

const { compare: compareNames } = new Intl.Collator('en', { sensitivity: 'base', numeric: true });

/** How many mirrors are in each state. */
export function countMirrors(mirrors: readonly PublicMirror[]): Map<PublicState, number> {
  const counts = new Map<PublicState, number>();
  for (const { state } of mirrors) counts.set(state, (counts.get(state) ?? 0) + 1);
  return counts;
}

/** The name of a site by its host; that of a machine on the desk is none. */
export function siteName(hostname: string): string | undefined {
  return hostname === 'localhost' || /^[\d.]+$|:/.test(hostname) || hostname === '' ? undefined : hostname;
}

import type { JobState, WebMirrorStatus } from '../api/types.js';

/** A mirror as users of a site see it. Times: milliseconds since the Unix epoch; undefined: never. */
export interface PublicMirror {
  /** A unique key: names may repeat over workers. */
  readonly key: string;
  readonly name: string;
  readonly state: PublicState;
  readonly lastUpdate: number | undefined;
  readonly nextSync: number | undefined;
  readonly size: string;
  readonly upstream: string;
  /** Address of the upstream, if browsers can open it. */
  readonly link: string | undefined;
}

/** States that users of a site see, in the order of their buttons. */
export const publicStates = [
  'failed',
  'syncing',
  'waiting',
  'paused',
  'none',
  'success',
] as const satisfies readonly JobState[];
/** A state that users of a site see. */
export type PublicState = (typeof publicStates)[number];

/**
 * The mirrors of `GET /jobs` to show: as on other status pages, neither disabled ones nor those that are no
 * master.
 */
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

/** The public state of a mirror. Without a status, it is a success if the last run was one. */
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

/**
 * Milliseconds since the Unix epoch; undefined for the zero time, which is long before the epoch. @param seconds -
 * since the Unix epoch
 */
export function timeOf(seconds: number): number | undefined {
  return Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : undefined;
}

/** The address of an upstream as a link: only HTTP and HTTPS. */
export function linkOf(upstream: string): string | undefined {
  if (!/^https?:\/\//i.test(upstream)) return undefined;
  try {
    const url = new URL(upstream);
    // credentials are not public
    return url.username === '' && url.password === '' ? url.href : undefined;
  } catch {
    return undefined;
  }
}

/** The order of the list. */
export interface PublicOrder {
  readonly by: 'name' | 'lastUpdate';
  readonly isDescending: boolean;
}

/** Filters and sorts mirrors. */
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

/** The name of a site by its host; none for an IP address or localhost. */
export function siteName(hostname: string): string | undefined {
  return hostname === 'localhost' || /^[\d.]+$|:/.test(hostname) || hostname === '' ? undefined : hostname;
}

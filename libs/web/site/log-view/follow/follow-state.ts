/** Whether the view goes with the end of a log that is written. */
export interface FollowState {
  readonly following: boolean;
  /** Lines that came since it was let go. */
  readonly unseen: number;
}

/** What changes it. */
export type FollowEvent =
  /** Lines came. */
  | { readonly kind: 'lines'; readonly count: number }
  /** The user scrolled. `atEnd`: the last line of the log is seen. */
  | { readonly kind: 'scrolled'; readonly up: boolean; readonly atEnd: boolean }
  /** The user asked for the end, or for another place. */
  | { readonly kind: 'end' }
  | { readonly kind: 'elsewhere' };

/** Scrolling up lets go; the end, however it is reached, goes on. */
export function follow(state: FollowState, event: FollowEvent): FollowState {
  switch (event.kind) {
    case 'lines':
      if (state.following || event.count === 0) return state;
      return { following: false, unseen: state.unseen + event.count };
    case 'scrolled':
      if (event.atEnd) return event.up || state.following ? state : { following: true, unseen: 0 };
      return event.up && state.following ? { following: false, unseen: 0 } : state;
    case 'end':
      return { following: true, unseen: 0 };
    case 'elsewhere':
      return state.following ? { following: false, unseen: 0 } : state;
  }
}

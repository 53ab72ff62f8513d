/** Whether the view follows the end of a log that is being written. */
export interface FollowState {
  readonly following: boolean;
  /** Lines that arrived since the view stopped following. */
  readonly unseen: number;
}

/** An event that may change it. */
export type FollowEvent =
  /** Lines arrived. */
  | { readonly kind: 'lines'; readonly count: number }
  /** The user scrolled. `atEnd`: the last line of the log is visible. */
  | { readonly kind: 'scrolled'; readonly up: boolean; readonly atEnd: boolean }
  /** The user went to the end, or to another place. */
  | { readonly kind: 'end' }
  | { readonly kind: 'elsewhere' };

/** Scrolling up stops following; reaching the end, by any means, resumes it. */
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

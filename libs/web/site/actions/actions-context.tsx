import { createContext, useContext } from 'react';
import type { ActionJob, JobAction } from './job-action.js';

/** Does things with mirrors: asks where it hurts, shows the workers' answers. */
export interface Actions {
  /** Asks if need be, then has it done. Resolves when it is answered, or was not wanted. */
  run: (action: JobAction, jobs: readonly ActionJob[]) => Promise<void>;
  /** What is being asked of the workers, by the keys of the jobs. */
  pending: ReadonlyMap<string, JobAction>;
}

export const ActionsContext = createContext<Actions>({
  run: () => Promise.resolve(),
  pending: new Map(),
});

/** What can be done with mirrors. */
export function useActions(): Actions {
  return useContext(ActionsContext);
}

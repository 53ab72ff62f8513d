import { createContext, useContext } from 'react';
import type { ActionJob, JobAction } from './job-action.js';

/** Runs actions on mirrors: asks for confirmation where needed, and shows the workers' answers. */
export interface Actions {
  /** Asks for confirmation if needed, then sends the action. Resolves once it is answered or cancelled. */
  run: (action: JobAction, jobs: readonly ActionJob[]) => Promise<void>;
  /** Actions that wait for an answer, by the keys of their jobs. */
  pending: ReadonlyMap<string, JobAction>;
}

export const ActionsContext = createContext<Actions>({
  run: () => Promise.resolve(),
  pending: new Map(),
});

/** The actions on mirrors. */
export function useActions(): Actions {
  return useContext(ActionsContext);
}

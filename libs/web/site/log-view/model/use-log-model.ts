import { useEffect, useState, useSyncExternalStore } from 'react';
import { LogModel } from './log-model.js';
import type { LogSource } from './log-source.js';
import type { LogState } from './log-state.js';

/** A model of the log that is shown, and its state. It stops with the component. */
export function useLogModel(source: LogSource): { model: LogModel; state: LogState } {
  const [model] = useState(() => new LogModel(source));
  useEffect(
    () => () => {
      model.stop();
    },
    [model],
  );
  return { model, state: useSyncExternalStore(model.subscribe, () => model.state) };
}

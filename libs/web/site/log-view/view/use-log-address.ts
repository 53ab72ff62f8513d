import { useEffect, useEffectEvent } from 'react';
import { useSearchParams } from 'wouter';
import type { LogFile } from '../../api/types.js';
import type { LogModel } from '../model/log-model.js';
import { plainLogName } from '../model/log-source.js';
import type { LogState } from '../model/log-state.js';

/** The part of the page's address that is about logs. */
export interface LogAddress {
  /** Offset of the marked line. */
  readonly at: number | undefined;
  /** Address of the page with a line of this log marked. */
  hrefOf: (offset: number) => string;
  /** Marks a line. */
  link: (offset: number) => void;
  /** Removes the mark. */
  forgetPlace: () => void;
  /** Shows another log, by its name without `.fail`. */
  pick: (log: string) => void;
  newest: () => void;
  /** Repeats the operation that failed. */
  again: () => void;
}

/**
 * Shows the log that the address names: `log` is its name, by default the newest one, and `at` the offset of a
 * line.
 */
export function useLogAddress(model: LogModel, state: LogState, logs: readonly LogFile[]): LogAddress {
  const [params, setParams] = useSearchParams();
  const named = params.get('log');
  const wanted = named === null ? undefined : plainLogName(named);
  const at = offsetIn(params.get('at'));

  const show = (wanted: string | undefined, at: number | undefined, anew: boolean): void => {
    const { state } = model;
    const [newest] = logs;
    const newestName = newest === undefined ? '' : plainLogName(newest.name);
    // without a name, it is the newest log at that time, which the stream replaces
    const log = wanted ?? (anew || state.log === '' || !state.isNewest ? newestName : state.log);
    if (!anew && log === state.log && state.phase !== 'failed') {
      if (at !== undefined) void model.jump(at);
      return;
    }
    const file = logs.find(({ name }) => plainLogName(name) === log);
    void model.show({ log, size: file?.size ?? 0, isNewest: log === newestName, at });
  };
  const arrive = useEffectEvent(() => {
    show(wanted, at, false);
  });
  useEffect(() => {
    arrive();
  }, [model, wanted, at]);

  const change = (log: string | undefined, at: number | undefined, replace = false): void => {
    setParams(
      (old) => {
        const next = new URLSearchParams(old);
        set(next, 'log', log);
        set(next, 'at', at?.toString());
        return next;
      },
      { replace },
    );
  };
  // the view changed to the log of a new attempt
  const followed = useEffectEvent(() => {
    if (state.previous !== undefined && wanted !== undefined && wanted !== state.log)
      change(undefined, undefined, true);
  });
  useEffect(() => {
    followed();
  }, [state.log]);

  return {
    at: wanted === undefined || wanted === state.log ? at : undefined,
    hrefOf: (offset) => {
      const next = new URLSearchParams(params);
      set(next, 'log', state.log);
      set(next, 'at', String(offset));
      return `${location.pathname}?${next.toString()}`;
    },
    link: (offset) => {
      change(state.log, offset, at !== undefined);
    },
    forgetPlace: () => {
      if (at !== undefined) change(wanted, undefined, true);
    },
    pick: (log) => {
      const isNewest = log === (logs[0] && plainLogName(logs[0].name));
      change(isNewest ? undefined : log, undefined);
    },
    newest: () => {
      change(undefined, undefined);
      show(undefined, undefined, true);
    },
    again: () => void model.retry(),
  };
}

function set(params: URLSearchParams, key: string, value: string | undefined): void {
  if (value === undefined) params.delete(key);
  else params.set(key, value);
}

function offsetIn(text: string | null): number | undefined {
  return text !== null && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

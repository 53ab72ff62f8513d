import { useEffect, useEffectEvent, type RefObject } from 'react';
import type { LogModel } from '../model/log-model.js';
import type { LogSearch } from '../search/use-log-search.js';

/** What {@link useLogKeys} needs. */
export interface LogKeys {
  pane: RefObject<HTMLElement | null>;
  input: RefObject<HTMLInputElement | null>;
  search: LogSearch;
  model: LogModel;
  toEnd: () => void;
  /** Links to the first line that is seen. */
  link: () => void;
}

/**
 * Keys of a log: `/` searches, from everywhere on the page, and so does Ctrl-F from within the log, of which the
 * browser knows a part only. `n` and `N` go to the hits, Home and End to the edges of the log, Enter links to the first line.
 *
 * @returns what takes a key that was pressed in the lines, and says whether it was one of them
 */
export function useLogKeys({ pane, input, search, model, toEnd, link }: LogKeys): (key: string) => boolean {
  const press = useEffectEvent((event: KeyboardEvent) => {
    const isFind = event.key === 'f' && (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey;
    const isSlash = event.key === '/' && !event.ctrlKey && !event.metaKey && !event.altKey;
    if (
      event.defaultPrevented ||
      !(isFind ? isInside(pane.current, event.target) : isSlash && !isTyping(event.target))
    )
      return;
    event.preventDefault();
    input.current?.focus();
    input.current?.select();
  });
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => {
      press(event);
    };
    addEventListener('keydown', listen);
    return () => {
      removeEventListener('keydown', listen);
    };
  }, []);
  return (key) => {
    switch (key) {
      case 'n':
        search.step(1);
        return true;
      case 'N':
        search.step(-1);
        return true;
      case 'Home':
        void model.jump(0, 'start');
        return true;
      case 'End':
        toEnd();
        return true;
      case 'Enter':
        link();
        return true;
      default:
        return false;
    }
  };
}

function isInside(element: HTMLElement | null, target: EventTarget | null): boolean {
  return target instanceof Node && element?.contains(target) === true;
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}

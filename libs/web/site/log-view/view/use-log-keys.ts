import { useEffect, useEffectEvent, type RefObject } from 'react';
import type { LogModel } from '../model/log-model.js';
import type { LogSearch } from '../search/use-log-search.js';

/** Options of {@link useLogKeys}. */
export interface LogKeys {
  pane: RefObject<HTMLElement | null>;
  input: RefObject<HTMLInputElement | null>;
  search: LogSearch;
  model: LogModel;
  toEnd: () => void;
  /** Creates a link to the first visible line. */
  link: () => void;
}

/**
 * Keys of a log: `/` opens the search from everywhere on the page, and Ctrl+F from within the log, as the search of the
 * browser sees only a part of it. `n` and `N` go to matches, Home and End to the ends of the log, Enter links to the first
 * line.
 *
 * @returns a handler for keys pressed in the lines, which says whether it handled the key
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

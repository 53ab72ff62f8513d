import { useEffect, useEffectEvent, type RefObject } from 'react';
import { useLocation } from 'wouter';
import { mirrorPage } from '../../../routes/routes.js';
import type { JobList } from '../data/use-job-list.js';
import { indexOf, type RowCursor } from '../selection/use-cursor.js';
import type { RowSelection } from '../selection/use-row-clicks.js';

/** Rows per PageUp or PageDown. */
const leap = 15;

/** Objects that keys act on. */
interface KeyContext {
  list: JobList;
  cursor: RowCursor;
  selection: RowSelection;
  box: RefObject<HTMLInputElement | null>;
  onHelp: () => void;
  navigate: (path: string) => void;
}

/** The keys of the page. They are ignored in text fields, dialogs and menus. */
export function useKeys(on: Omit<KeyContext, 'navigate'>): void {
  const [, navigate] = useLocation();
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    if (event.defaultPrevented || event.isComposing || !isForPage(event.target)) return;
    const row = rowOf(event.target);
    const context = { ...on, navigate };
    if (event.ctrlKey || event.metaKey) {
      if (event.key !== 'a' || row === undefined) return;
      event.preventDefault();
      on.selection.selectAll();
      return;
    }
    if (event.altKey) return;
    const done =
      row === undefined
        ? everywhere(event, context)
        : everywhere(event, context) || onRow(event, row, context);
    if (done) event.preventDefault();
  });
  useEffect(() => {
    document.addEventListener('keydown', onKey);
    return () => {
      document.removeEventListener('keydown', onKey);
    };
  }, []);
}

/** Moves to a row, if there is one. */
function move({ list: { total = 0 }, cursor }: KeyContext, to: number): true {
  if (total > 0) cursor.moveTo(Math.max(0, Math.min(total - 1, to)));
  return true;
}

/** Moves one row up or down; the first time to the current row, which may not have the focus yet. */
function step(context: KeyContext, by: number): true {
  const { current } = context.cursor;
  return move(context, rowOf(document.activeElement) === undefined ? current : current + by);
}

/** Keys that work everywhere on the page. @returns whether it handled the key */
function everywhere({ key }: KeyboardEvent, context: KeyContext): boolean {
  const { box, onHelp, selection } = context;
  switch (key) {
    case '/':
      box.current?.focus();
      box.current?.select();
      return true;
    case 'j':
      return step(context, 1);
    case 'k':
      return step(context, -1);
    case '?':
      onHelp();
      return true;
    case 'Escape':
      if (selection.count === 0) return false;
      selection.clear();
      return true;
    default:
      return false;
  }
}

/** Keys of a row. @returns whether it handled the key */
function onRow({ key, shiftKey, target }: KeyboardEvent, row: HTMLElement, context: KeyContext): boolean {
  const { list, selection, navigate } = context;
  const index = indexOf(row) ?? 0;
  switch (key) {
    case 'ArrowDown':
      return move(context, index + 1);
    case 'ArrowUp':
      return move(context, index - 1);
    case 'PageDown':
      return move(context, index + leap);
    case 'PageUp':
      return move(context, index - leap);
    case 'Home':
      return move(context, 0);
    case 'End':
      return move(context, (list.total ?? 1) - 1);
    case 'ArrowRight':
      return walk(row, target, 1);
    case 'ArrowLeft':
      return walk(row, target, -1);
    case 'm':
      row.querySelector<HTMLElement>('[data-column="menu"] button')?.click();
      return true;
    case 'x':
    case 'X':
      selection.toggle(index, shiftKey);
      return true;
    case ' ':
      if (target !== row) return false;
      selection.toggle(index, shiftKey);
      return true;
    case 'Enter': {
      const job = list.jobAt(index);
      if (target !== row || job === undefined) return false;
      navigate(mirrorPage(job));
      return true;
    }
    default:
      return false;
  }
}

/** Moves between the row and its controls. */
function walk(row: HTMLElement, target: EventTarget | null, by: number): true {
  const stops = [row, ...row.querySelectorAll<HTMLElement>('input, a, button')].filter(
    (stop) => stop.offsetParent !== null,
  );
  const at = stops.findIndex((stop) => stop === target);
  stops[Math.max(0, Math.min(stops.length - 1, at + by))]?.focus();
  return true;
}

function rowOf(target: EventTarget | null): HTMLElement | undefined {
  if (!(target instanceof Element)) return undefined;
  return target.closest<HTMLElement>('[data-index]') ?? undefined;
}

function isForPage(target: EventTarget | null): boolean {
  if (document.querySelector('[role="dialog"], [role="menu"]') !== null) return false;
  if (!(target instanceof HTMLElement)) return true;
  if (target instanceof HTMLInputElement && target.type === 'checkbox') return true;
  return target.closest('input, textarea, select, [contenteditable="true"]') === null;
}

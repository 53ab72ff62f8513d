import { useEffect, useEffectEvent, type RefObject } from 'react';
import { useLocation } from 'wouter';
import { mirrorPage } from '../../../routes/routes.js';
import type { JobList } from '../data/use-job-list.js';
import { indexOf, type RowCursor } from '../selection/use-cursor.js';
import type { RowSelection } from '../selection/use-row-clicks.js';

/** Rows of a page up or down. */
const leap = 15;

/** What keys act on. */
interface KeyContext {
  list: JobList;
  cursor: RowCursor;
  selection: RowSelection;
  box: RefObject<HTMLInputElement | null>;
  onHelp: () => void;
  navigate: (path: string) => void;
}

/** The keys of the page. They do nothing where one writes or a dialog or menu is open. */
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

/** Goes to a row, if there is any. */
function move({ list: { total = 0 }, cursor }: KeyContext, to: number): true {
  if (total > 0) cursor.moveTo(Math.max(0, Math.min(total - 1, to)));
  return true;
}

/** One up or down; the first time to the current row, which need not have the focus yet. */
function step(context: KeyContext, by: number): true {
  const { current } = context.cursor;
  return move(context, rowOf(document.activeElement) === undefined ? current : current + by);
}

/** Keys that do something wherever one is. @returns whether this was one */
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

/** Keys of a row. @returns whether this was one */
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

/** From the row into its controls, from one to the next, and back. */
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

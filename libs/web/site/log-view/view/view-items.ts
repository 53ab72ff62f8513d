import { lineNumbers } from '../lines/log-window.js';
import type { LogRow } from '../lines/rows.js';
import { isAtTail, type LogState } from '../model/log-state.js';

/** An item of the list. The key of a row is its offset; other keys are negative. */
export type ViewItem =
  | { readonly kind: 'row'; readonly key: number; readonly row: LogRow; readonly number: number | undefined }
  /** The view changed to this log automatically. */
  | { readonly kind: 'began'; readonly key: number; readonly previous: string }
  /** Nothing follows. */
  | { readonly kind: 'ended'; readonly key: number };

/** The items of a log, from top to bottom. @param isOver - whether the log is complete */
export function viewItems(state: LogState, isOver: boolean): ViewItem[] {
  const { previous, rest, window } = state;
  const numbers = lineNumbers(window);
  const items = window.rows.map((row, index): ViewItem => rowItem(row, numbers[index]));
  if (rest?.start === window.end) {
    const last = window.rows.at(-1);
    const number = last === undefined ? window.firstLine : nextNumber(numbers.at(-1), last);
    items.push(rowItem(rest, rest.continues ? undefined : number));
  }
  if (previous !== undefined && window.start === 0) items.unshift({ kind: 'began', key: -1, previous });
  if (isOver && isAtTail(state)) items.push({ kind: 'ended', key: -2 });
  return items;
}

/** Index of the item that contains a byte; -1 if there is none. */
export function itemAt(items: readonly ViewItem[], offset: number): number {
  return items.findIndex((item) => item.kind === 'row' && item.row.start <= offset && offset < item.row.end);
}

function rowItem(row: LogRow, number: number | undefined): ViewItem {
  return { kind: 'row', key: row.start, row, number };
}

function nextNumber(number: number | undefined, { closed, kind }: LogRow): number | undefined {
  return number === undefined || !closed || kind === 'hole' ? undefined : number + 1;
}

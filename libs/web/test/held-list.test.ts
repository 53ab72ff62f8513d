import { describe, expect, test } from '@jest/globals';
import { freshRows, holdRows } from '../site/ui/held-list.js';

describe('a list under the pointer', () => {
  const keyOf = (item: { id: string; value: number }): string => item.id;
  const items = (...list: [string, number][]): { id: string; value: number }[] =>
    list.map(([id, value]) => ({ id, value }));
  const shown = freshRows(items(['a', 1], ['b', 1], ['c', 1]), keyOf);

  test('keeps its order, applies changes, and adds new rows at the end', () => {
    const rows = holdRows(shown, items(['new', 9], ['c', 2], ['b', 1], ['a', 1]), keyOf);
    expect(rows.map(({ item, isGone }) => [item.id, item.value, isGone])).toEqual([
      ['a', 1, false],
      ['b', 1, false],
      ['c', 2, false],
      ['new', 9, false],
    ]);
  });

  test('marks rows that left it, and unmarks rows that come back', () => {
    const without = holdRows(shown, items(['a', 1], ['c', 1]), keyOf);
    expect(without.map(({ key, isGone }) => [key, isGone])).toEqual([
      ['a', false],
      ['b', true],
      ['c', false],
    ]);
    expect(holdRows(without, items(['b', 3]), keyOf)[1]).toEqual({
      key: 'b',
      item: { id: 'b', value: 3 },
      isGone: false,
    });
  });
});

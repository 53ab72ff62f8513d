/** A row of a list that can be held. */
export interface HeldRow<T> {
  readonly key: string;
  readonly item: T;
  /** It has left the list, and disappears when the list is released. */
  readonly isGone: boolean;
}

/** Rows of a list that is not held. */
export function freshRows<T>(items: readonly T[], keyOf: (item: T) => string): HeldRow<T>[] {
  return items.map((item) => ({ key: keyOf(item), item, isGone: false }));
}

/**
 * A list that the user is reading or pointing at: present rows stay in place with their changes, rows that left
 * are marked, and new ones are added at the end.
 */
export function holdRows<T>(
  held: readonly HeldRow<T>[],
  items: readonly T[],
  keyOf: (item: T) => string,
): HeldRow<T>[] {
  const now = new Map(items.map((item) => [keyOf(item), item]));
  const kept = held.map(({ key, item }): HeldRow<T> => {
    const current = now.get(key);
    now.delete(key);
    return current === undefined ? { key, item, isGone: true } : { key, item: current, isGone: false };
  });
  return [...kept, ...freshRows([...now.values()], keyOf)];
}

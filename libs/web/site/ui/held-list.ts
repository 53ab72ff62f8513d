/** A row of a list that holds still. */
export interface HeldRow<T> {
  readonly key: string;
  readonly item: T;
  /** It is no longer in the list, and goes when nobody looks at it any more. */
  readonly isGone: boolean;
}

/** A list as it comes. */
export function freshRows<T>(items: readonly T[], keyOf: (item: T) => string): HeldRow<T>[] {
  return items.map((item) => ({ key: keyOf(item), item, isGone: false }));
}

/**
 * A list that somebody is reading or aiming at: what is there stays where it is, with what changed of it; what left it
 * stays, and is marked; what is new comes at the end.
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

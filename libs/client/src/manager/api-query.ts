/** A value of a query; lists get commas between, `true` is `1`. */
export type QueryValue = string | number | boolean | readonly string[] | undefined;

/** `?a=1&b=2`, without what is undefined, false or an empty list; empty when nothing is left. */
export function apiQuery(values: Readonly<Record<string, QueryValue>>): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) {
    const text = textOf(value);
    if (text !== undefined) search.set(name, text);
  }
  return search.size === 0 ? '' : `?${search.toString()}`;
}

function textOf(value: QueryValue): string | undefined {
  switch (typeof value) {
    case 'undefined':
      return undefined;
    case 'boolean':
      return value ? '1' : undefined;
    case 'object':
      return value.length === 0 ? undefined : value.join(',');
    default:
      return String(value);
  }
}

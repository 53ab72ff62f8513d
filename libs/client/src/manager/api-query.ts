/** A value of a query. Lists are joined by commas, `true` is written as `1`. */
export type QueryValue = string | number | boolean | readonly string[] | undefined;

/** Builds `?a=1&b=2`. Undefined, false and empty lists are omitted; the result is empty when nothing is left. */
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

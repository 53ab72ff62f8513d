import { placeOf, type Place, type Problems } from '../document/diagnostics.js';
import { kindOf } from '../document/key.js';
import { readTable } from '../document/table.js';
import { isTable } from '../document/toml.js';
import { mirrorTable, type MirrorValues } from '../schema/mirror-schema.js';
import type { Leaf } from './leaf.js';
import type { ProviderSchema } from './providers.js';
import { choosesInterval } from './schedule.js';

/** What a mirror passes on to those nested in it. */
type Inherited = Omit<Leaf, 'place'>;

/** What {@link readMirrors} takes. */
export interface ReadMirrorsOptions {
  readonly providers: ReadonlyMap<string, ProviderSchema>;
  readonly problems: Problems;
}

/** Flattens a file's `[[mirrors]]`; `place` is the list's. */
export function readMirrors(list: unknown, place: Place, options: ReadMirrorsOptions): Leaf[] {
  return readList(list, place, { values: {}, others: {}, origins: new Map(), invalid: new Set() }, options);
}

function readList(list: unknown, place: Place, outer: Inherited, options: ReadMirrorsOptions): Leaf[] {
  if (list === undefined) return [];
  if (!Array.isArray(list)) {
    options.problems.error(place, `expected [[mirrors]] tables, found ${kindOf(list)}`);
    return [];
  }
  return list.flatMap((raw: unknown, index) =>
    readMirror(raw, mirrorPlace(place, index, raw), outer, options),
  );
}

function readMirror(raw: unknown, place: Place, outer: Inherited, options: ReadMirrorsOptions): Leaf[] {
  if (!isTable(raw)) {
    options.problems.error(place, `expected a table, found ${kindOf(raw)}`);
    return [];
  }
  const otherKeys = [...options.providers.values()].flatMap(({ schema }) => Object.keys(schema?.shape ?? {}));
  const { values, others, ...content } = readTable(raw, place, mirrorTable, {
    otherKeys,
    problems: options.problems,
  });
  const { mirrors, ...own } = values;
  const invalid = new Set([...outer.invalid, ...content.invalid]);
  if (!isKnownProvider(own.provider, place, options)) invalid.add('provider');
  const origins = new Map(outer.origins);
  for (const [key, value] of Object.entries({ ...others, ...own })) {
    if (!isZero(key, value) || !origins.has(key)) origins.set(key, place);
    if (isTable(value)) for (const part of Object.keys(value)) origins.set(`${key}.${part}`, place);
  }
  const merged = {
    // inherited values have passed the same schema
    values: inherit(passedOn(outer.values, own), own) as MirrorValues,
    others: inherit(outer.others, others, true),
    origins,
    invalid,
  };
  if (mirrors === undefined || mirrors.length === 0) return [{ place, ...merged }];
  const written = Object.keys(raw).find((key) => key.toLowerCase() === 'mirrors');
  return readList(mirrors, placeOf(place, written ?? 'mirrors'), merged, options);
}

/** What is inherited: no `cron` by a mirror that says it goes by an interval. */
function passedOn(outer: MirrorValues, own: MirrorValues): MirrorValues {
  if (!choosesInterval(own)) return outer;
  const { cron: _, ...others } = outer;
  return others;
}

/**
 * What a nested mirror has: the outer one's values, overridden by its own that are not zero; tables are merged key by
 * key. Always fresh objects, so that no sibling sees another's.
 *
 * @param keepZeros - keep a zero where nothing is inherited: a plug-in's default may be something else
 */
function inherit(
  outer: Readonly<Record<string, unknown>>,
  own: Readonly<Record<string, unknown>>,
  keepZeros = false,
): Record<string, unknown> {
  const result = structuredClone(outer) as Record<string, unknown>;
  for (const [key, value] of Object.entries(own)) {
    const inherited = result[key];
    if (isZero(key, value) && !(keepZeros && inherited === undefined)) continue;
    result[key] = structuredClone(isTable(inherited) && isTable(value) ? { ...inherited, ...value } : value);
  }
  return result;
}

/** What Go's zero values are: they do not override. `rsync` is the zero value of a provider; a priority has none. */
function isZero(key: string, value: unknown): boolean {
  if (key === 'provider' && value === 'rsync') return true;
  // the lowest of all, and not a priority that is not given
  if (key === 'priority' && value === 0) return false;
  if (Array.isArray(value)) return value.length === 0;
  if (isTable(value)) return Object.keys(value).length === 0;
  return value === undefined || value === '' || value === 0 || value === false;
}

function isKnownProvider(
  name: string | undefined,
  place: Place,
  { providers, problems }: ReadMirrorsOptions,
): boolean {
  if (name === undefined || providers.has(name)) return true;
  const known = [...providers.keys()].map((provider) => `'${provider}'`).join(', ');
  problems.error(placeOf(place, 'provider'), `unknown provider '${name}', expected one of ${known}`);
  return false;
}

/** Messages show a mirror by its own name when it has one. */
function mirrorPlace(list: Place, index: number, raw: unknown): Place {
  const place = placeOf(list, index);
  const name = isTable(raw)
    ? Object.entries(raw).find(([key]) => key.toLowerCase() === 'name')?.[1]
    : undefined;
  return typeof name === 'string' && name !== '' ? { ...place, label: `${list.label}[${name}]` } : place;
}

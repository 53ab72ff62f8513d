import type { z } from 'zod';
import { placeOf, type Place, type Problems } from './diagnostics.js';
import { kindOf } from './key.js';
import { nearest } from './nearest.js';
import { isTable, type Table } from './toml.js';

/** A kind of table. */
export interface TableDefinition {
  readonly schema: z.ZodObject;
  /** Keys of later versions, which have no effect yet. */
  readonly unsupported: readonly string[];
}

/** Keys that older versions had. */
const retiredKeys = new Set(['token', 'base_path', 'subsystem']);

/** What {@link readTable} takes besides the table. */
export interface ReadTableOptions {
  /** More keys that are known here; they are returned as they are. */
  readonly otherKeys?: readonly string[];
  readonly problems: Problems;
}

/** The good values of a table, by key in its proper letter case. */
export interface TableContent<Schema extends z.ZodObject> {
  readonly values: z.output<Schema>;
  readonly others: Readonly<Record<string, unknown>>;
  /** Keys whose values were wrong: they have been reported and are in neither. */
  readonly invalid: ReadonlySet<string>;
}

/**
 * Checks one table key by key, so that all problems are found at once: what is wrong is reported and left out.
 * Keys match in any letter case, as in Go's TOML library.
 */
export function readTable<Schema extends z.ZodObject>(
  raw: unknown,
  place: Place,
  definition: { readonly schema: Schema; readonly unsupported: readonly string[] },
  { otherKeys = [], problems }: ReadTableOptions,
): TableContent<Schema> {
  const values: Record<string, unknown> = {};
  const others: Record<string, unknown> = {};
  const invalid = new Set<string>();
  if (raw !== undefined && !isTable(raw)) problems.error(place, `expected a table, found ${kindOf(raw)}`);
  // zod types a shape by its core types; these are all of the classic form, which has the methods
  const shape = definition.schema.shape as Readonly<Record<string, z.ZodType>>;
  const ours = Object.keys(shape);
  const known = [...ours, ...otherKeys];
  for (const [name, written, value] of inKnownCase(isTable(raw) ? raw : {}, place, known, problems)) {
    const at = placeOf(place, written);
    const schema = Object.hasOwn(shape, name) ? shape[name] : undefined;
    if (schema !== undefined) {
      const result = schema.safeParse(value);
      if (result.success) values[name] = result.data;
      else {
        invalid.add(name);
        reportIssues(at, result.error.issues, problems);
      }
    }
    if (otherKeys.includes(name)) others[name] = value;
    else if (schema === undefined) warnUnknown(name, at, definition.unsupported, known, problems);
  }
  // each value has passed the schema of its key, and every key is optional
  return { values: values as z.output<Schema>, others, invalid };
}

/** Reports what zod found wrong at or below a place, each issue once. */
export function reportIssues(place: Place, issues: readonly z.core.$ZodIssue[], problems: Problems): void {
  for (const issue of issues) {
    const path = issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part));
    problems.error(placeOf(place, ...path), issue.message);
  }
}

/** The keys of a table as `[proper name, as written, value]`; an exact match wins over one in another letter case. */
function inKnownCase(
  table: Table,
  place: Place,
  known: readonly string[],
  problems: Problems,
): [string, string, unknown][] {
  const found = new Map<string, [string, string, unknown]>();
  for (const [written, value] of Object.entries(table)) {
    const lower = written.toLowerCase();
    const name = known.includes(written)
      ? written
      : (known.find((key) => key.toLowerCase() === lower) ?? written);
    const other = found.get(name);
    if (other !== undefined) {
      problems.warning(
        placeOf(place, written),
        `'${name}' is given as '${other[1]}' too; one of them has no effect`,
      );
    }
    if (other?.[1] !== name) found.set(name, [name, written, value]);
  }
  return [...found.values()];
}

function warnUnknown(
  name: string,
  at: Place,
  unsupported: readonly string[],
  known: readonly string[],
  problems: Problems,
): void {
  const lower = name.toLowerCase();
  if (unsupported.includes(lower)) {
    problems.warning(at, 'is not supported by this version and has no effect');
  } else if (retiredKeys.has(lower)) {
    problems.warning(at, 'is a key of older versions and has no effect any more');
  } else {
    const best = nearest(name, known);
    problems.warning(at, `unknown key, ignored${best === undefined ? '' : `; did you mean '${best}'?`}`);
  }
}

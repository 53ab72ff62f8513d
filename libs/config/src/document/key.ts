import { messageOf } from '@tunasync/protocol';
import { z } from 'zod';
import { parseSize } from './size.js';
import { isTable } from './toml.js';

/** What documentation says of a key. */
export interface KeyDoc {
  /** Type as a person reads it, for example `string[]` or `integer (minutes)`. */
  type: string;
  /** What holds when the key is absent; empty when nothing does. */
  default: string;
  /** One or two sentences. */
  description: string;
}

/** A key that may be absent, with its documentation. */
export function key<Schema extends z.ZodType>(schema: Schema, doc: KeyDoc): z.ZodOptional<Schema> {
  return schema.optional().meta({ ...doc });
}

/** The documentation of a key made by {@link key}. */
export function docOf(schema: z.ZodType): KeyDoc {
  const meta = schema.meta();
  const text = (value: unknown): string => (typeof value === 'string' ? value : '');
  return {
    type: text(meta?.['type']),
    default: text(meta?.['default']),
    description: meta?.description ?? '',
  };
}

/** A value as messages show it; texts are not shown, as they may be secrets. */
export function kindOf(value: unknown): string {
  if (typeof value === 'string') return value === '' ? 'an empty string' : 'a string';
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  if (typeof value === 'boolean') return String(value);
  if (Array.isArray(value)) return 'a list';
  if (value instanceof Date) return 'a date or time';
  return isTable(value) ? 'a table' : 'nothing';
}

const expected =
  (what: string) =>
  (issue: { readonly input?: unknown }): string =>
    `expected ${what}, found ${kindOf(issue.input)}`;

/** Any text. */
export const text = (what = 'a string'): z.ZodString => z.string({ error: expected(what) });
/** `true` or `false`. */
export const flag = (): z.ZodBoolean => z.boolean({ error: expected('true or false') });
/** A whole number within bounds. */
export function integer(min: number, max: number, unit = ''): z.ZodNumber {
  const error = expected(`a whole number${unit && ` of ${unit}`} from ${min} to ${max}`);
  return z.number({ error }).int({ error }).min(min, { error }).max(max, { error });
}
/** A text that `check` does not throw at; its message is the problem. An empty one counts as absent. */
export const checkedText = (check: (value: string) => void): z.ZodString =>
  text().superRefine((value, context) => {
    if (value === '') return;
    reportThrown(() => {
      check(value);
    }, context);
  });
/** A list of texts, each of which `read` does not throw at, nor `checkAll` at what they were read into. */
export const checkedTexts = <Read>(
  read: (value: string) => Read,
  checkAll: (all: Read[]) => void,
): z.ZodArray<z.ZodString> =>
  texts().superRefine((values, context) => {
    const all: Read[] = [];
    values.forEach((value, index) => {
      reportThrown(() => all.push(read(value)), context, [index]);
    });
    if (all.length < values.length) return;
    reportThrown(() => {
      checkAll(all);
    }, context);
  });
/** A list of texts. */
export const texts = (): z.ZodArray<z.ZodString> => z.array(text(), { error: expected('a list of strings') });
/** A list of exit codes. */
export const exitCodes = (): z.ZodArray<z.ZodNumber> =>
  z.array(integer(0, 255), { error: expected('a list of whole numbers') });
/** A table of texts. */
export const textTable = (): z.ZodRecord<z.ZodString, z.ZodString> =>
  z.record(z.string(), text(), { error: expected('a table of strings') });
/** An `http:` or `https:` URL. */
export const httpUrl = (): z.ZodString =>
  text('a URL').refine((url) => isHttpUrl(url), { error: 'expected a URL such as http://localhost:14242' });
/** A number of bytes with or without a unit. */
export const size = (): z.ZodType<number> =>
  z.union([z.string(), z.number(), z.bigint()], { error: expected('a size') }).transform((value, context) => {
    try {
      return parseSize(value);
    } catch (error) {
      context.addIssue({ code: 'custom', message: messageOf(error) });
      return z.NEVER;
    }
  });

function reportThrown(check: () => unknown, context: z.RefinementCtx, path: number[] = []): void {
  try {
    check();
  } catch (error) {
    context.addIssue({ code: 'custom', path, message: messageOf(error) });
  }
}

function isHttpUrl(url: string): boolean {
  return /^https?:\/\/[^/]/i.test(url) && URL.canParse(url);
}

/** A hundred years: longer spans cannot be told from never, and overflow dates. */
export const longest = { minutes: 100 * 366 * 24 * 60, seconds: 100 * 366 * 24 * 3600 };

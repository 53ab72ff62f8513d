import { GoTime } from './go-time.js';

/** A value of a template. An integer is a number without a fraction. */
export type Value = string | number | boolean | GoTime;

/** The type of a field of a template's data. */
export type FieldType = 'string' | 'bool' | 'time';

/**
 * Whether a value counts as true: it is not empty and not zero. A time always counts as true, because it is a
 * struct in Go.
 */
export function truth(value: Value): boolean {
  return value instanceof GoTime || Boolean(value);
}

/** Returns the text of a value as Go's `%v` prints it. */
export function textOf(value: Value): string {
  return value instanceof GoTime ? value.toString() : String(value);
}

/** Returns the name of a value's type in Go. */
export function typeName(value: Value): string {
  if (value instanceof GoTime) return 'time.Time';
  if (typeof value === 'string') return 'string';
  if (typeof value === 'boolean') return 'bool';
  return Number.isInteger(value) ? 'int' : 'float64';
}

import { GoTime } from './go-time.js';

/** What a template computes with. Whole and broken numbers are told apart by their value. */
export type Value = string | number | boolean | GoTime;

/** Types of the fields of a template's data. */
export type FieldType = 'string' | 'bool' | 'time';

/** Whether a value counts as true: not empty, not zero; a time always does, being a struct in Go. */
export function truth(value: Value): boolean {
  return value instanceof GoTime || Boolean(value);
}

/** The text of a value as Go's `%v` prints it. */
export function textOf(value: Value): string {
  return value instanceof GoTime ? value.toString() : String(value);
}

/** The name of a value's type in Go. */
export function typeName(value: Value): string {
  if (value instanceof GoTime) return 'time.Time';
  if (typeof value === 'string') return 'string';
  if (typeof value === 'boolean') return 'bool';
  return Number.isInteger(value) ? 'int' : 'float64';
}

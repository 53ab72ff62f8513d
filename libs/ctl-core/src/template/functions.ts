import { TemplateError } from '../errors/errors.js';
import { GoTime } from './go-time.js';
import { printf } from './printf.js';
import { truth, typeName, type Value } from './values.js';

/** A function of templates. */
export interface TemplateFunction {
  /** Minimum number of arguments, including the piped one. */
  least: number;
  /** Maximum number of arguments. */
  most: number;
  /** Computes the result. Arguments are computed on demand: `and` and `or` may not need them. */
  call: (args: readonly (() => Value)[]) => Value;
}

const any = Number.POSITIVE_INFINITY;
const compute = (args: readonly (() => Value)[]): Value[] => args.map((arg) => arg());

/** All functions, by name. Source: Go's package text/template, "Functions". */
export const functions: ReadonlyMap<string, TemplateFunction> = new Map<string, TemplateFunction>([
  ['and', { least: 1, most: any, call: (args) => firstOf(args, (value) => !truth(value)) }],
  ['or', { least: 1, most: any, call: (args) => firstOf(args, truth) }],
  ['not', { least: 1, most: 1, call: (args) => !compute(args).some(truth) }],
  ['eq', { least: 2, most: any, call: (args) => anyEqual(compute(args)) }],
  ['ne', { least: 2, most: 2, call: (args) => !anyEqual(compute(args)) }],
  ['printf', { least: 1, most: any, call: (args) => print(compute(args)) }],
]);

/** Returns the first argument that decides, else the last one. */
function firstOf(args: readonly (() => Value)[], decides: (value: Value) => boolean): Value {
  let value: Value = '';
  for (const arg of args) {
    value = arg();
    if (decides(value)) break;
  }
  return value;
}

/** Whether the first value equals any of the others. */
function anyEqual([first = '', ...others]: Value[]): boolean {
  const equal = others.map((other) => {
    if (typeof first !== typeof other) {
      throw new TemplateError(`a ${typeName(first)} cannot be compared with a ${typeName(other)}`);
    }
    if (first instanceof GoTime) return first.toString() === String(other);
    return first === other;
  });
  return equal.includes(true);
}

function print([format = '', ...values]: Value[]): string {
  if (typeof format !== 'string') {
    throw new TemplateError(`printf: expected a format string, found a ${typeName(format)}`);
  }
  return printf(format, values);
}

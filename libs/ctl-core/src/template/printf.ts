import { TemplateError } from '../errors/errors.js';
import { textOf, typeName, type Value } from './values.js';

const verb = /%([-+# 0]*)(\d+)?(?:\.(\d*))?(.)?/gsu;

interface Format {
  flags: string;
  width: number;
  /** Undefined: not given. */
  precision: number | undefined;
}

/**
 * Go's `fmt.Sprintf` with the verbs `%v %s %q %d %t %x %f %%`, flags, width and precision. Missing, extra and
 * wrong arguments are shown as in Go: `%!d(MISSING)`, `%!(EXTRA int=1)`, `%!d(string=x)`.
 *
 * @throws TemplateError for any other verb
 */
export function printf(format: string, values: readonly Value[]): string {
  let next = 0;
  const text = format.replace(
    verb,
    (whole, flags: string, width?: string, precision?: string, letter?: string) => {
      if (letter === undefined) return '%!(NOVERB)';
      if (letter === '%') return '%';
      if (!'vsqdtxf'.includes(letter)) throw new TemplateError(`printf does not support ${whole}`);
      const value = values[next++];
      if (value === undefined) return `%!${letter}(MISSING)`;
      return printOne(letter, value, {
        flags,
        width: Number(width ?? 0),
        precision: precision === undefined ? undefined : Number(precision),
      });
    },
  );
  if (next >= values.length) return text;
  const extra = values.slice(next).map((value) => `${typeName(value)}=${textOf(value)}`);
  return `${text}%!(EXTRA ${extra.join(', ')})`;
}

function printOne(letter: string, value: Value, format: Format): string {
  const text = letter === 'v' ? plain(value, format) : converted(letter, value, format);
  return text === undefined
    ? `%!${letter}(${typeName(value)}=${textOf(value)})`
    : padded(text, value, format);
}

const plain = (value: Value, format: Format): string => {
  if (typeof value === 'number') return signed(String(value), value, format);
  return typeof value === 'string' ? cut(value, format) : textOf(value);
};

/** Returns the text for a verb of a certain type; undefined when the value has another type. */
function converted(letter: string, value: Value, format: Format): string | undefined {
  const isNumber = typeof value === 'number';
  const isText = typeof value === 'string' || typeof value === 'object';
  switch (letter) {
    case 's':
      return isText ? cut(textOf(value), format) : undefined;
    case 'q':
      return isText ? quote(cut(textOf(value), format)) : undefined;
    case 'x':
      if (isText) return Buffer.from(textOf(value)).toString('hex');
      return isNumber && Number.isInteger(value) ? signed(value.toString(16), value, format) : undefined;
    case 'd':
      return isNumber && Number.isInteger(value) ? signed(String(value), value, format) : undefined;
    case 'f':
      return isNumber && !Number.isInteger(value)
        ? signed(value.toFixed(format.precision ?? 6), value, format)
        : undefined;
    default:
      return typeof value === 'boolean' ? String(value) : undefined;
  }
}

function signed(text: string, value: number, { flags }: Format): string {
  if (value < 0) return text;
  if (flags.includes('+')) return `+${text}`;
  return flags.includes(' ') ? ` ${text}` : text;
}

function cut(text: string, { precision }: Format): string {
  return precision === undefined ? text : Array.from(text).slice(0, precision).join('');
}

function padded(text: string, value: Value, { flags, width }: Format): string {
  const missing = width - Array.from(text).length;
  if (missing <= 0) return text;
  if (flags.includes('-')) return text + ' '.repeat(missing);
  if (!flags.includes('0') || typeof value !== 'number') return ' '.repeat(missing) + text;
  const sign = /^[-+ ]/.exec(text)?.[0] ?? '';
  return sign + '0'.repeat(missing) + text.slice(sign.length);
}

const escapes: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\u0007': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
};

/** Quotes like Go's `strconv.Quote`: control characters are escaped, printable Unicode stays. */
function quote(text: string): string {
  const body = text.replace(/["\\]|\p{C}/gu, (character) => {
    const code = character.codePointAt(0) ?? 0;
    if (escapes[character] !== undefined) return escapes[character];
    if (code < 0x80) return `\\x${code.toString(16).padStart(2, '0')}`;
    return code > 0xffff
      ? `\\U${code.toString(16).padStart(8, '0')}`
      : `\\u${code.toString(16).padStart(4, '0')}`;
  });
  return `"${body}"`;
}

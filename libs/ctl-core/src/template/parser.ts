import { TemplateError } from '../errors/errors.js';
import { functions, type TemplateFunction } from './functions.js';
import { GoTime } from './go-time.js';
import { lex, type Piece, type Token } from './lexer.js';
import { textOf, truth, typeName, type FieldType, type Value } from './values.js';

/** Values of the fields of a template, by name without the dot. */
export type TemplateData = Readonly<Record<string, Value>>;
type Evaluate = (data: TemplateData) => Value;
type Render = (data: TemplateData) => string;

/**
 * Compiles a template of Go's text/template. Supported are fields, `.Unix` and `.Format` of times, `printf`, `eq`,
 * `ne`, `and`, `or`, `not`, `if`/`else if`/`else`/`end`, pipelines, parentheses, literals, comments and trim
 * markers.
 *
 * @param types - the existing fields
 * @returns a function that fills in the template; it throws a {@link TemplateError} for values of the wrong type
 * @throws TemplateError that names the unknown or unsupported part
 */
export function compileTemplate(template: string, types: Readonly<Record<string, FieldType>>): Render {
  return new Parser(lex(template), types).parse();
}

class Parser {
  readonly #pieces: Piece[];
  readonly #types: Readonly<Record<string, FieldType>>;
  #at = 0;

  constructor(pieces: Piece[], types: Readonly<Record<string, FieldType>>) {
    this.#pieces = pieces;
    this.#types = types;
  }

  parse(): Render {
    const { render, end } = this.#block();
    if (end !== undefined) throw new TemplateError(`${end.source} has no {{if}}`);
    return render;
  }

  /** Parses everything up to the `else` or `end` that closes it. */
  #block(): { render: Render; end: { source: string; tokens: Token[] } | undefined } {
    const parts: Render[] = [];
    const render: Render = (data) => parts.map((part) => part(data)).join('');
    for (let piece = this.#pieces[this.#at++]; piece !== undefined; piece = this.#pieces[this.#at++]) {
      if ('text' in piece) {
        const { text } = piece;
        parts.push(() => text);
        continue;
      }
      const [first, ...rest] = piece.tokens;
      const keyword = first?.kind === 'word' ? first.text : undefined;
      if (keyword === 'else' || keyword === 'end') return { render, end: piece };
      if (keyword === 'if') {
        parts.push(this.#condition(rest, piece.source));
      } else {
        const value = new Expression(piece.tokens, piece.source, this.#types).parse();
        parts.push((data) => textOf(value(data)));
      }
    }
    return { render, end: undefined };
  }

  #condition(tokens: Token[], source: string): Render {
    const test = new Expression(tokens, source, this.#types).parse();
    const { render: then, end } = this.#block();
    const otherwise = this.#otherwise(end, source);
    return (data) => (truth(test(data)) ? then(data) : otherwise(data));
  }

  #otherwise(end: { source: string; tokens: Token[] } | undefined, source: string): Render {
    if (end === undefined) throw new TemplateError(`${source} has no {{end}}`);
    const [keyword, second, ...rest] = end.tokens;
    const isElse = keyword?.kind === 'word' && keyword.text === 'else';
    if (isElse && second?.kind === 'word' && second.text === 'if') return this.#condition(rest, end.source);
    if (second !== undefined) throw new TemplateError(`${end.source} is not supported`);
    if (!isElse) return () => '';
    const { render, end: last } = this.#block();
    const [closing, ...more] = last?.tokens ?? [];
    if (closing?.kind !== 'word' || closing.text !== 'end' || more.length > 0) {
      throw new TemplateError(`${source} has no {{end}} after its {{else}}`);
    }
    return render;
  }
}

/** Parses the pipeline of an action. */
class Expression {
  readonly #tokens: Token[];
  readonly #source: string;
  readonly #types: Readonly<Record<string, FieldType>>;
  #at = 0;

  constructor(tokens: Token[], source: string, types: Readonly<Record<string, FieldType>>) {
    this.#tokens = tokens;
    this.#source = source;
    this.#types = types;
  }

  parse(): Evaluate {
    const value = this.#pipeline();
    if (this.#at < this.#tokens.length) throw new TemplateError(`${this.#source} has one ')' too many`);
    return value;
  }

  #pipeline(): Evaluate {
    let value = this.#command(undefined);
    while (this.#tokens[this.#at]?.kind === 'pipe') {
      this.#at += 1;
      value = this.#command(value);
    }
    return value;
  }

  /** Parses a function, method or value with its arguments. A piped value becomes the last argument. */
  #command(piped: Evaluate | undefined): Evaluate {
    const head = this.#tokens[this.#at];
    if (head === undefined || head.kind === 'pipe' || head.kind === 'close') {
      throw new TemplateError(`${this.#source} lacks a value`);
    }
    const first = this.#operand();
    const args: Operand[] = [];
    for (let next = this.#tokens[this.#at]; next !== undefined; next = this.#tokens[this.#at]) {
      if (next.kind === 'pipe' || next.kind === 'close') break;
      args.push(this.#operand());
    }
    const values = args.map((arg) => arg.call([]));
    return first.call(piped === undefined ? values : [...values, piped]);
  }

  #operand(): Operand {
    const token = this.#tokens[this.#at++];
    switch (token?.kind) {
      case 'string':
      case 'number':
        return constant(token.value, this.#source);
      case 'field':
        return this.#field(token);
      case 'open': {
        const inner = this.#pipeline();
        if (this.#tokens[this.#at++]?.kind !== 'close')
          throw new TemplateError(`${this.#source} lacks a ')'`);
        const after = this.#tokens[this.#at];
        // `(…).Unix`; after a space it would be an argument, but values in parentheses take none
        if (after?.kind !== 'field') return plain(inner, '(…)', this.#source);
        this.#at += 1;
        return method(inner, after.path, `(…)${after.text}`, this.#source);
      }
      case 'word': {
        if (token.text === 'true' || token.text === 'false')
          return constant(token.text === 'true', this.#source);
        const known = functions.get(token.text);
        if (known === undefined) throw new TemplateError(`'${token.text}' is not supported`);
        return functionOperand(token.text, known);
      }
      default:
        throw new TemplateError(`${this.#source} lacks a value`);
    }
  }

  #field({ text, path }: { text: string; path: string[] }): Operand {
    const [name, ...rest] = path;
    if (name === undefined) throw new TemplateError("'.' alone is not supported");
    const type = Object.hasOwn(this.#types, name) ? this.#types[name] : undefined;
    if (type === undefined) {
      throw new TemplateError(`no field .${name}; there are .${Object.keys(this.#types).join(', .')}`);
    }
    const value: Evaluate = (data) => data[name] ?? '';
    if (rest.length === 0) return plain(value, text, this.#source);
    if (type !== 'time')
      throw new TemplateError(`.${name} has no .${rest.join('.')}, because it is not a time`);
    return method(value, rest, text, this.#source);
  }
}

/** An operand that may take arguments. */
interface Operand {
  call: (args: Evaluate[]) => Evaluate;
}

function plain(value: Evaluate, name: string, source: string): Operand {
  return {
    call: (args) => {
      if (args.length > 0) throw new TemplateError(`${name} in ${source} takes no arguments`);
      return value;
    },
  };
}

function constant(value: Value, source: string): Operand {
  return plain(() => value, JSON.stringify(value), source);
}

function functionOperand(name: string, { least, most, call }: TemplateFunction): Operand {
  return {
    call: (args) => {
      if (args.length < least || args.length > most) {
        const wanted = most === least ? String(least) : `at least ${least}`;
        throw new TemplateError(`${name} takes ${wanted} arguments, found ${args.length}`);
      }
      return (data) => call(args.map((arg) => () => arg(data)));
    },
  };
}

/** Applies `.Unix` or `.Format "layout"` to a time. */
function method(receiver: Evaluate, path: string[], name: string, source: string): Operand {
  const [which, ...rest] = path;
  if (rest.length > 0 || (which !== 'Unix' && which !== 'Format')) {
    throw new TemplateError(`${name} is not supported; a time has .Unix and .Format "layout"`);
  }
  const time = (data: TemplateData): GoTime => {
    const value = receiver(data);
    if (value instanceof GoTime) return value;
    throw new TemplateError(`${name} is not supported for a ${typeName(value)}`);
  };
  if (which === 'Unix') return plain((data) => time(data).unix(), name, source);
  return {
    call: ([layout, ...others]) => {
      if (layout === undefined || others.length > 0)
        throw new TemplateError(`${name} takes one layout string`);
      return (data) => {
        const text = layout(data);
        if (typeof text !== 'string') throw new TemplateError(`${name} takes a layout string`);
        return time(data).format(text);
      };
    },
  };
}

import { TemplateError } from '../errors/errors.js';

/** A token inside of `{{…}}`. */
export type Token =
  | { kind: 'string'; value: string }
  | { kind: 'number'; value: number }
  /** `.`, `.Name` or `.Name.Unix`, without the first dot. */
  | { kind: 'field'; text: string; path: string[] }
  /** A function, keyword, `true` or `false`. */
  | { kind: 'word'; text: string }
  | { kind: 'pipe' | 'open' | 'close'; text: string };

/** A piece of a template: text between actions, or an action's tokens. */
export type Piece = { text: string } | { tokens: Token[]; source: string };

const tokenPattern =
  /\s+|(?<string>"(?:[^"\\\n]|\\.)*")|`(?<raw>[^`]*)`|(?<number>[+-]?\d+(?:\.\d+)?(?![\w.]))|(?<field>(?:\.[A-Za-z_]\w*)+|\.(?![\w.]))|(?<word>[A-Za-z_]\w*)|(?<mark>[|()])/y;

/** Splits a template into text and actions. Trim markers and comments are applied. */
export function lex(template: string): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  let trimNext = false;
  for (;;) {
    const start = template.indexOf('{{', at);
    let text = template.slice(at, start === -1 ? undefined : start);
    if (trimNext) text = text.replace(/^[ \t\r\n]+/, '');
    const trimBefore = start !== -1 && /^-\s/.test(template.slice(start + 2, start + 4));
    if (trimBefore) text = text.replace(/[ \t\r\n]+$/, '');
    if (text !== '') pieces.push({ text });
    if (start === -1) return pieces;
    const action = lexAction(template, start + (trimBefore ? 3 : 2));
    if (action.tokens !== undefined) {
      pieces.push({ tokens: action.tokens, source: template.slice(start, action.end) });
    }
    at = action.end;
    trimNext = action.trimAfter;
  }
}

interface Action {
  /** The tokens; undefined for a comment. */
  tokens: Token[] | undefined;
  /** The position after the action. */
  end: number;
  trimAfter: boolean;
}

function lexAction(template: string, begin: number): Action {
  const comment = /\s*\/\*(?:(?!\*\/).)*\*\/(?<trim>\s+-)?\}\}/sy;
  comment.lastIndex = begin;
  const commented = comment.exec(template);
  if (commented !== null) {
    return { tokens: undefined, end: comment.lastIndex, trimAfter: commented.groups?.['trim'] !== undefined };
  }
  const tokens: Token[] = [];
  let at = begin;
  const closing = /(?<trim>\s+-)?\s*\}\}/y;
  for (;;) {
    closing.lastIndex = at;
    const closed = closing.exec(template);
    if (closed !== null) {
      return { tokens, end: closing.lastIndex, trimAfter: closed.groups?.['trim'] !== undefined };
    }
    if (at >= template.length) throw new TemplateError(`'${template.slice(begin - 2)}' is not closed by }}`);
    tokenPattern.lastIndex = at;
    const match = tokenPattern.exec(template);
    if (match === null) throw new TemplateError(`'${unknownAt(template, at)}' is not supported`);
    const token = tokenOf(match);
    if (token !== undefined) tokens.push(token);
    at = tokenPattern.lastIndex;
  }
}

/** Returns the word at a position where no token matches. */
function unknownAt(template: string, at: number): string {
  return /^[^\s{}|()]+|^./s.exec(template.slice(at))?.[0] ?? '';
}

function tokenOf({ groups = {} }: RegExpExecArray): Token | undefined {
  const { string, raw, number, field, word, mark } = groups;
  if (string !== undefined) return { kind: 'string', value: unquote(string) };
  if (raw !== undefined) return { kind: 'string', value: raw };
  if (number !== undefined) return { kind: 'number', value: Number(number) };
  if (field !== undefined) return { kind: 'field', text: field, path: field.split('.').filter(Boolean) };
  if (word !== undefined) return { kind: 'word', text: word };
  if (mark === undefined) return undefined;
  return { kind: mark === '|' ? 'pipe' : mark === '(' ? 'open' : 'close', text: mark };
}

const simpleEscapes: Readonly<Record<string, string>> = {
  a: '\u0007',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '"': '"',
  '\\': '\\',
};

/** Returns the value of a string literal of Go. */
function unquote(literal: string): string {
  return literal
    .slice(1, -1)
    .replace(
      /\\(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|([0-7]{3})|(.))/gs,
      (whole, hex?: string, short?: string, long?: string, octal?: string, simple?: string) => {
        const code =
          octal === undefined ? Number.parseInt(hex ?? short ?? long ?? '', 16) : Number.parseInt(octal, 8);
        const text = simple === undefined ? codePoint(code) : simpleEscapes[simple];
        if (text === undefined) throw new TemplateError(`${whole} in ${literal} is not supported`);
        return text;
      },
    );
}

function codePoint(code: number): string | undefined {
  return code <= 0x10ffff ? String.fromCodePoint(code) : undefined;
}

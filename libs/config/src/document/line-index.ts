/** Where in a document something is: keys of tables and indices of lists, from the top. */
export type Path = readonly (string | number)[];

/** What the index could not make sense of, or what no document should have. */
export interface Oddity {
  line: number;
  message: string;
}

/** Deeper nesting is refused before anything recurses over it. */
const deepest = 100;

const bareKey = /[A-Za-z0-9_-]+/y;
const bareValue = /[^,\]}\n#]*/y;
const joined = (path: Path): string => path.join('\0');

/**
 * Finds the line of any key of a TOML document again: tables, lists of tables, dotted and quoted keys, inline tables
 * and elements of lists. It only locates; whether the document is well-formed is the parser's to say, so
 * whatever makes no sense is passed over.
 */
export class LineIndex {
  readonly #text: string;
  #at = 0;
  #line = 1;
  readonly #lines = new Map<string, number>();
  /** Paths in lower case, for keys that were written in another letter case. */
  readonly #anyCase = new Map<string, number>();
  /** How many tables a list of tables has so far. */
  readonly #counts = new Map<string, number>();
  /** What keeps the document from being parsed safely. */
  readonly oddities: Oddity[] = [];

  /** @param text - the document, lines ended by `\n` */
  constructor(text: string) {
    this.#text = text;
    let table: Path = [];
    while (this.#skipBlankLines()) {
      const line = this.#line;
      if (this.#eat('[')) {
        const list = this.#eat('[');
        const keys = this.#keyPath();
        table = this.#open(keys, list, line);
      } else {
        this.#assignment(table, 0);
      }
      this.#skipLine();
    }
  }

  /** 1-based line of `path`, or of the closest table or list around it that stands in the document. */
  lineOf(path: Path): number | undefined {
    for (let length = path.length; length > 0; length--) {
      const key = joined(path.slice(0, length));
      const line = this.#lines.get(key) ?? this.#anyCase.get(key.toLowerCase());
      if (line !== undefined) return line;
    }
    return undefined;
  }

  #open(keys: readonly string[], list: boolean, line: number): Path {
    const path: (string | number)[] = [];
    keys.forEach((key, position) => {
      path.push(key);
      const last = position === keys.length - 1;
      const name = joined(path);
      if (list && last) this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
      this.#record(path, line);
      const count = this.#counts.get(name);
      if (count !== undefined) path.push(count - 1);
      this.#record(path, line);
    });
    this.#refuseInherited(keys, line);
    return path;
  }

  /** `key = value` within `table`; leaves the position behind it. */
  #assignment(table: Path, depth: number): void {
    const line = this.#line;
    const keys = this.#keyPath();
    this.#skip(false);
    if (keys.length === 0 || !this.#eat('=')) return;
    keys.forEach((_, position) => {
      this.#record([...table, ...keys.slice(0, position + 1)], line);
    });
    this.#refuseInherited(keys.slice(0, -1), line);
    this.#skip(false);
    this.#value([...table, ...keys], depth);
  }

  #value(path: Path, depth: number): void {
    if (depth > deepest) {
      this.#tooDeep();
      return;
    }
    const char = this.#text.charAt(this.#at);
    if (char === '"' || char === "'") this.#string();
    else if (this.#eat('[')) {
      this.#items(']', (index) => {
        this.#record([...path, index], this.#line);
        this.#value([...path, index], depth + 1);
      });
    } else if (this.#eat('{')) {
      this.#items('}', () => {
        this.#assignment(path, depth + 1);
      });
    } else this.#match(bareValue);
  }

  /** Reports it and reads no further. */
  #tooDeep(): void {
    this.oddities.push({
      line: this.#line,
      message: `expected at most ${deepest} levels of lists and tables`,
    });
    this.#at = this.#text.length;
  }

  /** The comma-separated items of a list or an inline table up to its end. */
  #items(end: string, item: (index: number) => void): void {
    for (let index = 0; ; index++) {
      this.#skip(true);
      if (this.#at >= this.#text.length || this.#eat(end)) return;
      const before = this.#at;
      item(index);
      this.#skip(true);
      if (this.#eat(end)) return;
      // neither a comma nor anything read: broken, the rest of the line is passed over by the caller
      if (!this.#eat(',') && this.#at === before) return;
    }
  }

  /** The parts of a dotted key; none when there is no key here. */
  #keyPath(): string[] {
    const keys: string[] = [];
    do {
      this.#skip(false);
      const char = this.#text.charAt(this.#at);
      const key = char === '"' || char === "'" ? this.#string() : this.#match(bareKey);
      if (key === undefined) break;
      keys.push(key);
      this.#skip(false);
    } while (this.#eat('.') && keys.length <= deepest);
    if (keys.length > deepest) this.#tooDeep();
    return keys;
  }

  /** A string of any of the four kinds; escapes are resolved as far as keys need it. */
  #string(): string {
    const quote = this.#text.charAt(this.#at);
    const long = this.#text.startsWith(quote.repeat(3), this.#at);
    const end = long ? quote.repeat(3) : quote;
    const start = (this.#at += end.length);
    while (this.#at < this.#text.length && !this.#text.startsWith(end, this.#at)) {
      const char = this.#text.charAt(this.#at);
      if (char === '\n' && !long) return this.#text.slice(start, this.#at);
      if (char === '\n') this.#line++;
      if (char === '\\' && quote === '"') {
        this.#at++;
        if (this.#text.charAt(this.#at) === '\n') this.#line++;
      }
      this.#at++;
    }
    const content = this.#text.slice(start, this.#at);
    this.#at += end.length;
    // up to two quotes may stand right before the closing three
    while (long && this.#text.charAt(this.#at) === quote) this.#at++;
    return quote === '"' ? unescape(content) : content;
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    this.#at += found?.length ?? 0;
    return found;
  }

  #eat(char: string): boolean {
    const there = this.#text.startsWith(char, this.#at);
    if (there) this.#at += char.length;
    return there;
  }

  /** Passes over blanks, and over ends of lines and comments too when `lines`. */
  #skip(lines: boolean): void {
    for (; this.#at < this.#text.length; this.#at++) {
      const char = this.#text.charAt(this.#at);
      if (lines && char === '\n') this.#line++;
      else if (lines && char === '#') this.#at = this.#endOfLine() - 1;
      else if (char !== ' ' && char !== '\t' && char !== '\r') return;
    }
  }

  /** Whether anything is left. */
  #skipBlankLines(): boolean {
    this.#skip(true);
    return this.#at < this.#text.length;
  }

  #skipLine(): void {
    this.#at = this.#endOfLine();
  }

  #endOfLine(): number {
    const end = this.#text.indexOf('\n', this.#at);
    return end === -1 ? this.#text.length : end;
  }

  #record(path: Path, line: number): void {
    const key = joined(path);
    if (!this.#lines.has(key)) this.#lines.set(key, line);
    const lower = key.toLowerCase();
    if (!this.#anyCase.has(lower)) this.#anyCase.set(lower, line);
  }

  /** The parser takes what every object inherits, such as `constructor`, for a table and writes into it. */
  #refuseInherited(keys: readonly string[], line: number): void {
    for (const key of keys) {
      if (key in Object.prototype)
        this.oddities.push({ line, message: `'${key}' cannot be the name of a table` });
    }
  }
}

/** Resolves the escapes of a basic string. Source: TOML 1.0, "String". */
function unescape(text: string): string {
  const named: Record<string, string> = { b: '\b', t: '\t', n: '\n', f: '\f', r: '\r' };
  return text.replace(
    /\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([\s\S]))/g,
    (whole, short?: string, long?: string, char = '') => {
      const code = Number.parseInt(short ?? long ?? '', 16);
      if (Number.isNaN(code)) return named[char as string] ?? (char as string);
      return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
    },
  );
}

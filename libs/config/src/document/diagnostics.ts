import type { Diagnostic } from '../settings/types.js';
import type { LineIndex, Path } from './line-index.js';

/** A file (or the command line) that values come from. */
export interface Source {
  /** Path as messages show it. */
  readonly file: string;
  /** Absent for what is no TOML document. */
  readonly lines?: LineIndex;
}

/** A place in a source: a table, a key or a list element. */
export interface Place {
  readonly source: Source;
  /** Keys as written. */
  readonly path: Path;
  /** The path as messages show it, for example `mirrors[debian].upstream`. */
  readonly label: string;
}

/** The place of `key` (or element) within the table (or list) at `place`. */
export function placeOf(place: Place, ...keys: Path): Place {
  let label = place.label;
  for (const key of keys) {
    if (typeof key === 'number') label += `[${key}]`;
    else label += label === '' ? key : `.${key}`;
  }
  return { source: place.source, path: [...place.path, ...keys], label };
}

/** Collects what is wrong with the files of one load; the same problem of the same place counts once. */
export class Problems {
  readonly #seen = new Map<string, Diagnostic>();
  readonly #files: string[] = [];

  /** Says that a file comes next in {@link list}. */
  reading(file: string): void {
    this.#files.push(file);
  }

  error(place: Place, message: string): void {
    this.#add('error', place, message);
  }

  warning(place: Place, message: string): void {
    this.#add('warning', place, message);
  }

  get hasErrors(): boolean {
    return [...this.#seen.values()].some(({ severity }) => severity === 'error');
  }

  /** Whether something is already known to be wrong with this very key, so that nothing follows from its absence. */
  hasErrorAt({ source, label }: Place): boolean {
    return [...this.#seen.values()].some(
      ({ severity, file, key }) => severity === 'error' && file === source.file && key === label,
    );
  }

  /** Errors and warnings together, file by file in the order read, by line. */
  get list(): Diagnostic[] {
    const order = ({ file }: Diagnostic): number => this.#files.indexOf(file);
    return [...this.#seen.values()].sort((a, b) => order(a) - order(b) || (a.line ?? 0) - (b.line ?? 0));
  }

  #add(severity: Diagnostic['severity'], { source, path, label }: Place, message: string): void {
    this.push({ severity, file: source.file, line: source.lines?.lineOf(path), key: label, message });
  }

  push({ line, ...rest }: Omit<Diagnostic, 'line'> & { line?: number | undefined }): void {
    const diagnostic: Diagnostic = { ...rest, ...(line === undefined ? {} : { line }) };
    this.#seen.set(JSON.stringify([rest.file, line, rest.key, rest.message]), diagnostic);
  }
}

/** One line: `file:line: key: message`; what is not known is left out. */
export function formatDiagnostic({ file, line, key, message }: Diagnostic): string {
  const place = line === undefined ? file : `${file}:${line}`;
  return [place, key, message]
    .filter((part) => part !== '')
    .join(': ')
    .replace(/\p{Cc}+/gu, (control) => JSON.stringify(control).slice(1, -1));
}

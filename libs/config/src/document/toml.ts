import { parse } from '@iarna/toml';
import { messageOf } from '@tunasync/protocol';
import type { Place, Problems } from './diagnostics.js';
import { LineIndex } from './line-index.js';

/** A table as parsed. */
export type Table = Readonly<Record<string, unknown>>;

/** Whether a parsed value is a table (and no list or date). */
export function isTable(value: unknown): value is Table {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

/** A document with its root, or undefined when it is none; then `problems` says why. */
export function parseToml(
  file: string,
  text: string,
  problems: Problems,
): { root: Place; table: Table } | undefined {
  // what Windows editors leave: the parser knows no byte-order mark and refuses CR in comments
  const document = text.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n');
  const lines = new LineIndex(document);
  if (lines.oddities.length > 0) {
    for (const { line, message } of lines.oddities) {
      problems.push({ severity: 'error', file, line, key: '', message });
    }
    return undefined;
  }
  try {
    return { root: { source: { file, lines }, path: [], label: '' }, table: parse(document) };
  } catch (error) {
    const line = lineOfError(error);
    problems.push({
      severity: 'error',
      file,
      line: line === undefined ? undefined : Math.min(line, document.split('\n').length),
      key: '',
      message: `not valid TOML: ${firstWords(messageOf(error))}`,
    });
    return undefined;
  }
}

/** 1-based; the parser counts from 0. */
function lineOfError(error: unknown): number | undefined {
  const line = error instanceof Error && 'line' in error ? error.line : undefined;
  return typeof line === 'number' ? line + 1 : undefined;
}

/** The parser's message goes on with an excerpt of the file, which may hold a password. */
function firstWords(message: string): string {
  return message
    .replace(/ at row \d+, col[^]*$/, '')
    .replace(/^Unknown character "(\d+)"$/, (_, code: string) =>
      Number(code) > 0x10ffff
        ? 'unexpected character'
        : `unexpected character ${JSON.stringify(String.fromCodePoint(Number(code)))}`,
    );
}

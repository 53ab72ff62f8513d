import { TunasyncError } from '@tunasync/protocol';

const whitespace = /\s/;

/**
 * Splits a command line as a POSIX shell does, without expanding anything: `#`, `$`, `|`, `~` and `*` are literal,
 * `'…'` is verbatim, in `"…"` a backslash escapes only `"` and `\`, elsewhere it escapes any character.
 *
 * @returns the words; none for a blank line
 * @throws `TunasyncError` `COMMAND_LINE_INVALID` when a quote is not closed or nothing follows a backslash
 */
export function splitCommandLine(text: string): string[] {
  const words: string[] = [];
  // undefined between words: an empty pair of quotes is a word, a blank is not
  let word: string | undefined;
  let quote = '';
  for (let at = 0; at < text.length; at++) {
    const char = text.charAt(at);
    if (char === quote) {
      quote = '';
    } else if (quote === "'") {
      word = (word ?? '') + char;
    } else if (char === '\\') {
      const next = text.charAt(++at);
      if (next === '') throw invalid("nothing follows the last '\\'");
      if (quote !== '') word = (word ?? '') + (next === '"' || next === '\\' ? next : char + next);
      // a backslash before the end of a line joins the lines
      else if (next !== '\n') word = (word ?? '') + next;
    } else if (quote !== '') {
      word = (word ?? '') + char;
    } else if (char === "'" || char === '"') {
      quote = char;
      word ??= '';
    } else if (whitespace.test(char)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else {
      word = (word ?? '') + char;
    }
  }
  if (quote !== '') throw invalid(`a ${quote} is not closed`);
  if (word !== undefined) words.push(word);
  return words;
}

/** The line itself is not shown: it may hold a secret. */
function invalid(why: string): TunasyncError {
  return new TunasyncError('COMMAND_LINE_INVALID', `the command line cannot be split into words: ${why}`);
}

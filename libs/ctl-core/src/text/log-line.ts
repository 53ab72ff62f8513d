import { controls } from './printable.js';

const reset = '\u001b[0m';

/**
 * Texts that control a terminal: control sequences, strings, escapes (ECMA-48, 5.4 to 5.6), single control
 * characters.
 */
const obeyed = new RegExp(
  [
    String.raw`\u001b\[[0-?]*[ -/]*[@-~]`,
    String.raw`\u001b[\]PX^_][^\u0007\u001b\u009c]*(?:\u0007|\u001b\\|\u009c)`,
    String.raw`\u001b[ -/]*[0-~]`,
    controls.source,
  ].join('|'),
  'g',
);
/** Colours and other text styles: "select graphic rendition", without private parameters. */
// eslint-disable-next-line no-control-regex -- it is what it is about
const rendition = /^\u001b\[[\d;:]*m$/;
// eslint-disable-next-line no-control-regex -- it is what it is about
const toPlain = /^\u001b\[0*m$/;

/**
 * Makes a line of a log safe for a terminal. Colours stay if wanted; every other control text is removed, so that
 * no log can move the cursor, rename the window or type. A line never changes the colour of the next one.
 */
export function safeLine(line: string, colors: boolean): string {
  const safe = line.replace(obeyed, (found) => {
    if (found === '\t') return found;
    if (found.length === 1) return '�';
    return colors && rendition.test(found) ? found : '';
  });
  const last = safe.lastIndexOf('\u001b');
  return last === -1 || toPlain.test(safe.slice(last, safe.indexOf('m', last) + 1)) ? safe : safe + reset;
}

/**
 * Returns the final appearance of a line on a terminal: text after a carriage return overwrites the text before
 * it.
 */
export function lastShown(line: string): string {
  const text = line.replaceAll('\0', '').replace(/\r+$/, '');
  return text.slice(text.lastIndexOf('\r') + 1);
}

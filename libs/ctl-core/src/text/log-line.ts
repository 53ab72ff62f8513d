import { controls } from './printable.js';

const reset = '\u001b[0m';

/** What a terminal obeys: control sequences, strings to the terminal, escapes (ECMA-48, 5.4 to 5.6), single controls. */
const obeyed = new RegExp(
  [
    String.raw`\u001b\[[0-?]*[ -/]*[@-~]`,
    String.raw`\u001b[\]PX^_][^\u0007\u001b\u009c]*(?:\u0007|\u001b\\|\u009c)`,
    String.raw`\u001b[ -/]*[0-~]`,
    controls.source,
  ].join('|'),
  'g',
);
/** Colours and the like: "select graphic rendition", without private parameters. */
// eslint-disable-next-line no-control-regex -- it is what it is about
const rendition = /^\u001b\[[\d;:]*m$/;
// eslint-disable-next-line no-control-regex -- it is what it is about
const toPlain = /^\u001b\[0*m$/;

/**
 * A line of a log for a terminal: colours stay, or go with the rest of what a terminal would obey, so that no log can
 * move the cursor, rename the window or type. Whatever colour a line ends with, the next one begins without.
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

/** What a terminal shows of a line at last: a carriage return has what follows written over what was before. */
export function lastShown(line: string): string {
  const text = line.replaceAll('\0', '').replace(/\r+$/, '');
  return text.slice(text.lastIndexOf('\r') + 1);
}

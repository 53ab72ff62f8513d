/* eslint-disable no-control-regex -- control characters are what this file is about */

/** Complete control sequences except colours: those of terminals (CSI, OSC and other strings), and single ones. */
const sequences =
  /\u001b\[[0-?]*[ -/]*[@-~]?|\u001b[P\]X^_][^\u0007\u001b\u009c]*(?:\u0007|\u001b\\|\u009c)?|\u001b[ -/]*[0-~]?|\u009b[0-?]*[ -/]*[@-~]/g;
const colours = /^\u001b\[[\d;:]*m$/;
/** The rest: control characters without a meaning on a page, and those that change the direction of text. */
const controls = /[\u0000-\u0007\u000a-\u001a\u001c-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;
const special = /[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;

/** A line without control characters except sequences for colours, which get one form: `ESC [ 1;31 m`. */
export function cleanText(text: string): string {
  if (!special.test(text)) return text;
  const kept = text.replaceAll(sequences, (sequence) =>
    colours.test(sequence) ? `\u001b[${parameters(sequence.slice(2, -1))}m` : '',
  );
  // a backspace overwrites the character before it, as in a spinner
  return takeBack(kept.replaceAll(controls, ''));
}

/** The form with colons may name a colour space, which no program uses. */
function parameters(text: string): string {
  return text.replaceAll(/([34]8):2:\d*:(?=\d+:\d+:\d+)/g, '$1;2;').replaceAll(':', ';');
}

function takeBack(text: string): string {
  if (!text.includes('\b')) return text;
  const parts = text.match(/\u001b\[[\d;]*m|./gsu) ?? [];
  const shown: number[] = [];
  for (const [index, part] of parts.entries()) {
    if (part === '\b') {
      parts[index] = '';
      const last = shown.pop();
      if (last !== undefined) parts[last] = '';
    } else if (!part.startsWith('\u001b')) shown.push(index);
  }
  return parts.join('');
}

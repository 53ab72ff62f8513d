/** A piece of a layout: literal text, or an element of the reference time. */
export type LayoutToken = { text: string } | { std: string };

/** Elements by their first character, in order of precedence. Source: `nextStdChunk` of Go's package time. */
const elements: Readonly<Record<string, readonly string[]>> = {
  J: ['January', 'Jan'],
  M: ['Monday', 'Mon', 'MST'],
  '0': ['002', '01', '02', '03', '04', '05', '06'],
  '1': ['15', '1'],
  '2': ['2006', '2'],
  _: ['_2', '__2'],
  '3': ['3'],
  '4': ['4'],
  '5': ['5'],
  P: ['PM'],
  p: ['pm'],
  '-': ['-070000', '-07:00:00', '-0700', '-07:00', '-07'],
  Z: ['Z070000', 'Z07:00:00', 'Z0700', 'Z07:00', 'Z07'],
};

/** Splits a layout of Go's `time.Format`. */
export function layoutTokens(layout: string): LayoutToken[] {
  const tokens: LayoutToken[] = [];
  let text = '';
  for (let at = 0; at < layout.length;) {
    const std = elementAt(layout, at);
    if (std === undefined) {
      text += layout.charAt(at);
      at += 1;
      continue;
    }
    if (text !== '') tokens.push({ text });
    text = '';
    tokens.push({ std });
    at += std.length;
  }
  if (text !== '') tokens.push({ text });
  return tokens;
}

function elementAt(layout: string, at: number): string | undefined {
  const rest = layout.slice(at);
  if (/^[.,]/.test(rest)) return /^[.,](?:0+|9+)(?!\d)/.exec(rest)?.[0];
  const std = elements[rest.charAt(0)]?.find((element) => rest.startsWith(element));
  // `_2006` is a literal underscore and a year; `Janet` and `Month` are literal words
  if (std === '_2' && rest.startsWith('_2006')) return undefined;
  if ((std === 'Jan' || std === 'Mon') && /^[a-z]/.test(rest.slice(3))) return undefined;
  return std;
}

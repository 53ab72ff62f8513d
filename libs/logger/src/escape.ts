/**
 * What a terminal or a log reader may act on: C0 and C1 controls, DEL, the Unicode line and paragraph
 * separators, and the bidirectional overrides that make text look like other text.
 */
// eslint-disable-next-line no-control-regex -- finding control characters is the point
const unsafe = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;

const short: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** `text` on one line, with every character that could act on a terminal written as an escape such as `\x1b`. */
export function escapeText(text: string): string {
  return text.replace(unsafe, (character) => short[character] ?? escapeCode(character));
}

/** JSON text without characters that could act on a terminal; it parses to the same value. */
export function escapeJson(json: string): string {
  return json.replace(unsafe, (character) => `\\u${hex(character, 4)}`);
}

function escapeCode(character: string): string {
  return character.charCodeAt(0) < 0x100 ? `\\x${hex(character, 2)}` : `\\u${hex(character, 4)}`;
}

function hex(character: string, width: number): string {
  return character.charCodeAt(0).toString(16).padStart(width, '0');
}

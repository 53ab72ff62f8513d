/** Codes of ECMA-48, "select graphic rendition". */
const codes = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, cyan: 36 } as const;

/** A colour or style of a text. */
export type Paint = keyof typeof codes;

/** Returns `text` in a colour or style for a terminal. */
export function painted(text: string, paint: Paint): string {
  return text === '' ? '' : `\u001b[${codes[paint]}m${text}\u001b[0m`;
}

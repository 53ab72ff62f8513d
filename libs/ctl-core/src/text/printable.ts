/** Characters that move the cursor, end a line or change the writing direction. */
// eslint-disable-next-line no-control-regex -- they are what it is about
export const controls = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/**
 * Returns `text` on one line without control characters: names and messages come from other machines. White space
 * becomes one blank, every other control character `�`.
 */
export function printable(text: string): string {
  return text.trim().replace(/\s+/g, ' ').replace(controls, '�');
}

/** Returns `text` with its lines and without other control characters. */
export function harmless(text: string): string {
  return text.replace(controls, (found) => (found === '\n' || found === '\t' ? found : '�'));
}

/** Returns equivalent JSON with the control characters escaped that `JSON.stringify` leaves unchanged. */
export function harmlessJson(json: string): string {
  return json.replace(controls, (found) =>
    found === '\n' ? found : `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** What moves the cursor, ends a line or turns the direction of writing round. */
// eslint-disable-next-line no-control-regex -- they are what it is about
export const controls = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/**
 * `text` on one line, without what a terminal would obey: names and messages come from other machines.
 * White space becomes one blank, every other control character `�`.
 */
export function printable(text: string): string {
  return text.trim().replace(/\s+/g, ' ').replace(controls, '�');
}

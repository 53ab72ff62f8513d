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

/** `text` on as many lines as it has, without anything else that a terminal would obey. */
export function harmless(text: string): string {
  return text.replace(controls, (found) => (found === '\n' || found === '\t' ? found : '�'));
}

/** JSON of the same meaning without what `JSON.stringify` leaves as it is, but a terminal would obey. */
export function harmlessJson(json: string): string {
  return json.replace(controls, (found) =>
    found === '\n' ? found : `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

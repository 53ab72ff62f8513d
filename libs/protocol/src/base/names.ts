/** The longest name of a mirror or worker, in bytes of UTF-8. Source: docs/http-api.md. */
export const longestName = 200;

// eslint-disable-next-line no-control-regex -- control characters are what is looked for
const controlCharacters = /[\u0000-\u001f\u007f]/;

/** Describes why a name of a mirror or worker is invalid, as the end of a sentence. Undefined for a valid name. */
export function nameProblem(name: string): string | undefined {
  if (name === '') return 'should not be empty';
  if (new TextEncoder().encode(name).length > longestName)
    return `should be at most ${longestName} bytes long`;
  // a lone surrogate has no UTF-8 form: a database or a path would return another name
  if (/\p{Surrogate}/u.test(name)) return 'should be Unicode text';
  if (controlCharacters.test(name)) return 'should not contain control characters';
  if (name.includes('/') || name === '.' || name === '..') return "should not contain '/' nor be '.' or '..'";
  return undefined;
}

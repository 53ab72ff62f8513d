/** Whether `text` is a pattern for names rather than a name. */
export function isGlob(text: string): boolean {
  return /[*?[\]{}]/.test(text);
}

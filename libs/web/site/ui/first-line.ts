/** The first line of a text that is not blank. */
export function firstLine(text: string): string {
  return (
    text
      .split(/[\r\n]+/)
      .map((line) => line.trim())
      .find((line) => line !== '') ?? ''
  );
}

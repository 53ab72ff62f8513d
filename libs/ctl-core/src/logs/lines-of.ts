/** A line of a log. */
export interface LogLine {
  /** The text without its line end. */
  text: string;
  /** Offset after the line, in bytes. */
  offset: number;
  /** Whether it has a line end. The last line of a log that is written and pieces of a long line have none. */
  isWhole: boolean;
  /** Whether it is a piece of a long line, which continues with the next one. */
  isPiece: boolean;
}

/** Longer lines are split. In bytes. */
const longestLine = 64 * 1024;
const newline = 0x0a;
const carriageReturn = 0x0d;

/**
 * Yields the lines of a part of a log that begins at offset `start`. The last line may be incomplete.
 *
 * @param isShown - whether text of a long line that carriage returns have overwritten may be omitted
 */
export async function* linesOf(
  bytes: AsyncIterable<Uint8Array>,
  start: number,
  isShown: boolean,
): AsyncGenerator<LogLine> {
  let rest: Buffer = Buffer.alloc(0);
  let offset = start;
  const take = (length: number, isWhole: boolean, isPiece = false): LogLine => {
    const text = rest.subarray(0, length).toString();
    const used = length + (isWhole ? 1 : 0);
    rest = rest.subarray(used);
    offset += used;
    return { text, offset, isWhole, isPiece };
  };
  for await (const chunk of bytes) {
    rest = Buffer.concat([rest, chunk]);
    for (let end = rest.indexOf(newline); end >= 0; end = rest.indexOf(newline)) yield take(end, true);
    while (rest.length > longestLine) {
      // the last byte may be the first half of a CRLF
      const behind = isShown ? rest.subarray(0, -1).lastIndexOf(carriageReturn) + 1 : 0;
      rest = rest.subarray(behind);
      offset += behind;
      if (behind === 0) yield take(toCharacter(rest, longestLine), false, true);
    }
  }
  if (rest.length > 0) yield take(rest.length, false);
}

/** Returns the last position at or before `at` that is not inside a UTF-8 character. */
function toCharacter(bytes: Uint8Array, at: number): number {
  for (let end = at; end > at - 4; end -= 1) if (((bytes[end] ?? 0) & 0xc0) !== 0x80) return end;
  return at;
}

/** A line of a log. */
export interface LogLine {
  /** Without its end. */
  text: string;
  /** Behind it, in bytes. */
  offset: number;
  /** Whether its end is there: not of the last line of a log that is written, nor of a piece of a long line. */
  isWhole: boolean;
  /** Whether it is a piece of a long line, which goes on with the next one. */
  isPiece: boolean;
}

/** A longer line is taken apart. In bytes. */
const longestLine = 64 * 1024;
const newline = 0x0a;
const carriageReturn = 0x0d;

/**
 * The lines of a part of a log that begins at offset `start`. The last one may not be whole.
 *
 * @param isShown - whether what carriage returns have written over in a long line may be left out
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
      // the last byte may belong to a line end of two
      const behind = isShown ? rest.subarray(0, -1).lastIndexOf(carriageReturn) + 1 : 0;
      rest = rest.subarray(behind);
      offset += behind;
      if (behind === 0) yield take(toCharacter(rest, longestLine), false, true);
    }
  }
  if (rest.length > 0) yield take(rest.length, false);
}

/** The last place at or before `at` that is not within a character of UTF-8. */
function toCharacter(bytes: Uint8Array, at: number): number {
  for (let end = at; end > at - 4; end -= 1) if (((bytes[end] ?? 0) & 0xc0) !== 0x80) return end;
  return at;
}

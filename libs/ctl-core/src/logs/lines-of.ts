/** A line of a log. */
export interface LogLine {
  /** Without its end. */
  text: string;
  /** Behind it, in bytes. */
  offset: number;
  /** Whether its end is there. */
  isWhole: boolean;
}

/** A longer line is taken apart. In bytes. */
const longestLine = 64 * 1024;
const newline = 0x0a;

/** The lines of a part of a log that begins at offset `start`. The last one may not be whole. */
export async function* linesOf(bytes: AsyncIterable<Uint8Array>, start: number): AsyncGenerator<LogLine> {
  let rest: Buffer = Buffer.alloc(0);
  let offset = start;
  const take = (length: number, isWhole: boolean): LogLine => {
    const text = rest.subarray(0, length).toString();
    const used = length + (isWhole ? 1 : 0);
    rest = rest.subarray(used);
    offset += used;
    return { text, offset, isWhole };
  };
  for await (const chunk of bytes) {
    rest = Buffer.concat([rest, chunk]);
    for (let end = rest.indexOf(newline); end >= 0; end = rest.indexOf(newline)) yield take(end, true);
    while (rest.length > longestLine) yield take(longestLine, false);
  }
  if (rest.length > 0) yield take(rest.length, false);
}
